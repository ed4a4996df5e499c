from typing import Any

from django.apps import AppConfig


class WebtasksConfig(AppConfig):
    name = "console.webtasks"

    def ready(self) -> None:
        from console.accounts.signals import token_revoked

        token_revoked.connect(_tell_executors, dispatch_uid="webtasks.token_revoked")


def _tell_executors(*, team: str, jti: str, **_: Any) -> None:
    from console.webtasks.events import Change  # models are not loaded when this module is

    Change.of_token(team, jti).announce()
