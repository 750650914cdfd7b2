from django.apps import AppConfig


class ListsConfig(AppConfig):
    name = "lists"
    verbose_name = "Plusofon Admin"

    def ready(self) -> None:
        from . import checks, signals  # noqa: F401
