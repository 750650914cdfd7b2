"""People, credentials and payloads of the API, as tests need them."""

import factory
from django.contrib.auth.models import Group, User
from django.utils import timezone

from lists import encryption
from lists.models import Credential


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
