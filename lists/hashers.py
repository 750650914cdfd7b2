"""How passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """As OWASP advises, with 19 MiB: Django's 100 MiB, once for each thread that signs somebody in, would let
    strangers fill the memory. Other hashes become this one as their owners sign in."""

    memory_cost = 19 * 1024
    parallelism = 1
