from django.apps import AppConfig


class ListsConfig(AppConfig):
    name = "lists"
    verbose_name = "Plusofon Admin"

    def ready(self) -> None:
        from django.conf import settings

        from . import checks, release_checks, signals  # noqa: F401
        from .single_sign_on import checks as sso_checks  # noqa: F401

        if settings.METRICS:
            from .telemetry import metrics, observing

            observing.listeners.append(metrics.record)
