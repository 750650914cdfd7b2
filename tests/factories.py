"""People, credentials and payloads of the API, as tests need them."""

import factory
from django.contrib.auth.models import Group, User
from django.utils import timezone

from lists import encryption
from lists.changes import ContactChange, ListChange
from lists.models import Action, BlockRequest, Credential, JournalEntry, Outcome
from lists.plusofon.values import Contact
from lists.writing import records
from lists.writing.journal import note_request


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence("person{}".format)
    password = factory.django.Password("secret")

    @factory.post_generation
    def group(self, create, name, **kwargs):
        if name:
            self.groups.add(Group.objects.get(name=name))


class CredentialFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Credential

    class Params:
        token = "manager-token"

    user = factory.SubFactory(UserFactory)
    sealed_token = factory.LazyAttribute(lambda o: encryption.seal(o.token, user_id=o.user.pk))
    client_id = "10553"
    account = "4821"
    owner_name = "Орлова Анна"
    owner_email = "orlova@example.ru"
    set_at = factory.LazyFunction(timezone.now)
    worked_at = factory.LazyFunction(timezone.now)


class ContactPayloadFactory(factory.DictFactory):
    """A contact as the API stores it."""

    name = factory.Sequence("Контакт {}".format)
    phones = factory.Sequence(lambda n: [f"7999{n:07}"])


class JournalEntryFactory(factory.django.DjangoModelFactory):
    """A confirmed write of long ago."""

    class Meta:
        model = JournalEntry

    class Params:
        list_change = ListChange(
            contacts=(ContactChange(None, Contact("Иван Иванов", ("79998887766",))),)
        )

    account = "4821"
    list_id = 11
    list_name = "Чёрный список 1"
    username = "manager"
    started_at = factory.LazyFunction(timezone.now)
    ended_at = factory.LazyFunction(timezone.now)
    outcome = Outcome.CONFIRMED
    action = Action.ADD
    change = factory.LazyAttribute(lambda o: records.write_change(o.list_change))
    contacts_count = factory.LazyAttribute(lambda o: len(o.list_change.contacts))


class BlockRequestFactory(factory.django.DjangoModelFactory):
    """A request that waits."""

    class Meta:
        model = BlockRequest

    account = "4821"
    username = "support"
    asked_at = factory.LazyFunction(timezone.now)
    numbers = "79991112233"
    list_id = 11
    list_name = "Чёрный список 1"
    reason = "Мешает"
    form_token = factory.Faker("uuid4")


def ask(by, **fields):
    """A request of this person's that the journal tells of, as it does of all."""
    asked = BlockRequestFactory(
        user=by, username=by.get_username(), account=by.credential.account, **fields
    )
    note_request(asked, Action.ASK, by=by)
    return asked


def claim(asked, *, by):
    """This manager is deciding that request just now."""
    asked.claimed_by, asked.claimed_at = by.get_username(), timezone.now()
    asked.save()
