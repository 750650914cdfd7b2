"""How the stand-in behaves. Every attribute may be changed between two calls."""

from dataclasses import dataclass, field


@dataclass(eq=False)
class Settings:
    """What a test may set on a `Sandbox`.

    `latency`: seconds before each answer. `hang_seconds`: how long a hanging call hangs.
    `quirks`: any of `quirks.QUIRKS`. `authuser_works`: whether there is a `GET authuser` at all.
    `validate`: whether bad input gets Laravel's 422; `strict_phones`: whether anything but 1 to 20
    digits is bad input.
    """

    latency: float = 0.0
    hang_seconds: float = 30.0
    per_page: int = 15
    quirks: set[str] = field(default_factory=set)
    authuser_works: bool = True
    validate: bool = True
    strict_phones: bool = False
