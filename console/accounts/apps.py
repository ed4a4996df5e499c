from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "console.accounts"

    def ready(self) -> None:
        # Models are not loaded when this module is.
        from console.accounts import sealed, trail  # noqa: F401 - the first registers what it knows
        from console.accounts.clients import register

        trail.watch()
        # The library's own, whose tables must be there.
        post_migrate.connect(register, dispatch_uid="accounts.clients", sender=_library())


def _library() -> AppConfig:
    from django.apps import apps

    return apps.get_app_config("oauth2_provider")
