from typing import Any

from django.apps import AppConfig


class WebtasksConfig(AppConfig):
    name = "console.webtasks"

    def ready(self) -> None:
        from console.accounts.signals import team_limited, token_revoked
        from console.webtasks import token_calls  # noqa: F401 - registers them; models are not loaded before

        token_revoked.connect(_forget_token, dispatch_uid="webtasks.token_revoked")
        team_limited.connect(_renew_team, dispatch_uid="webtasks.team_limited")


def _renew_team(*, team: str, **_: Any) -> None:
    from console.webtasks.events import Change  # as below

    Change.of_team(team).announce()


def _forget_token(*, team: str, jti: str, **_: Any) -> None:
    from console.webtasks.access import closed_by
    from console.webtasks.events import Change  # models are not loaded when this module is

    Change.of_token(team, jti).announce()
    webtasks, teams = closed_by(jti)
    for slug in teams:
        Change.of_team(slug).announce()
    for webtask in webtasks:
        if webtask.team.slug not in teams:
            Change.of_settings(webtask).announce()
