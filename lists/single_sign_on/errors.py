"""Why somebody who comes with the company's account is not let in.

NotLetIn
├── UnusableName        what was told is no name that a person here can have
├── NobodyNamed         the proxy names nobody, and there is no other way in
├── NoRole              in none of the groups that may do something here
├── Deactivated         an administrator has deactivated them here
├── HasPassword         the name is of somebody who signs in with a password
├── NameTaken           the name is of somebody else at the same provider
├── PasswordsOff        a password was sent where none is used
└── Failed              at the provider
    ├── Cancelled       the person, or the provider, said no
    ├── Outdated        begun in another browser, too long ago, or used already
    ├── ProviderSilent  it does not answer, or only with an error of its own
    └── Untrusted       it answered what nobody should believe
"""


class NotLetIn(Exception):
    """`name`: as the company calls them, where that is known."""

    def __init__(self, name: str = "") -> None:
        super().__init__(name)
        self.name = name


class UnusableName(NotLetIn): ...


class NobodyNamed(NotLetIn): ...


class NoRole(NotLetIn): ...


class Deactivated(NotLetIn): ...


class HasPassword(NotLetIn): ...


class NameTaken(NotLetIn): ...


class PasswordsOff(NotLetIn): ...


class Failed(NotLetIn): ...


class Cancelled(Failed): ...


class Outdated(Failed): ...


class ProviderSilent(Failed): ...


class Untrusted(Failed): ...
