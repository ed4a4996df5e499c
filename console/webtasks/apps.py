from typing import Any

from django.apps import AppConfig
from django.db.models import Q


class WebtasksConfig(AppConfig):
    name = "console.webtasks"

    def ready(self) -> None:
        from console.accounts.signals import (
            login_ended,
            standings_changed,
            team_disbanded,
            team_gone,
            team_limited,
            token_revoked,
        )
        from console.webtasks import sealed, token_calls  # noqa: F401 - registers them; models are not loaded before

        token_revoked.connect(_forget_token, dispatch_uid="webtasks.token_revoked")
        login_ended.connect(_forget_login, dispatch_uid="webtasks.login_ended")
        team_limited.connect(_renew_team, dispatch_uid="webtasks.team_limited")
        team_gone.connect(_forget_team, dispatch_uid="webtasks.team_gone")
        team_disbanded.connect(_close_team, dispatch_uid="webtasks.team_disbanded")
        standings_changed.connect(_ask_again, dispatch_uid="webtasks.standings_changed")


def _ask_again(*, team: str = "", **_: Any) -> None:
    from console.webtasks.events import Change, ring_watchers  # as below

    Change.of_standings().announce()
    if team:
        # Executors remember what people who signed in for a client may run in it.
        Change.of_team(team).announce()
    ring_watchers()


def _renew_team(*, team: str, **_: Any) -> None:
    from console.webtasks.events import Change  # as below

    Change.of_team(team).announce()


def _forget_team(*, team: str, **_: Any) -> None:
    from console.webtasks.events import Change  # as below

    Change.of_gone(team).announce()


def _close_team(*, team: Any, **_: Any) -> None:
    """Its webtasks are neither listed nor shared, nor keep a domain from others, while they wait to be swept."""
    from console.webtasks.models import Collaborator, Webtask  # as below

    Webtask.objects.filter(team=team).update(live=None, share_key=None)
    Collaborator.objects.filter(Q(to_team=team) | Q(webtask__team=team)).delete()


def _forget_login(*, name: str, **_: Any) -> None:
    from console.webtasks.events import Change, ring_watchers  # as below

    Change.of_token("", name).announce()
    ring_watchers()


def _forget_token(*, team: str, jti: str, **_: Any) -> None:
    from console.webtasks.closed import closed_by
    from console.webtasks.events import Change, ring_watchers  # models are not loaded when this module is

    Change.of_token(team, jti).announce()
    closed = closed_by(jti)
    for stray in closed.strays:
        Change.of_token("", stray).announce()
    for slug in closed.teams:
        Change.of_team(slug).announce()
    for webtask in closed.webtasks:
        if webtask.team.slug not in closed.teams:
            Change.of_settings(webtask).announce()
    ring_watchers()
