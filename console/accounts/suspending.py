"""An account that is shut, for a while, by who runs the installation."""

from functools import partial
from typing import Any

from django.db import transaction

from console.accounts import signals
from console.accounts.access_members import tokens_by
from console.accounts.actions import revoke_all
from console.accounts.audit import Actor, record
from console.accounts.models import Team, User


def suspend(user: User, *, suspended: bool, actor: Actor, revoke: bool = False) -> None:
    """Nobody can sign in to it, nor be in it: sessions and API tokens are asked for their person's state each time.

    Webtask tokens that they issued are their teams' and stay, unless all that they issued is to be revoked.
    """
    with transaction.atomic():
        user.is_active = not suspended
        user.save(update_fields=["is_active"])
        told: dict[str, Any] = {}
        if revoke:
            told["revoked_tokens"] = revoke_all(tokens_by(user), actor=actor)
        record(actor, "user.suspend" if suspended else "user.resume", None, user, **told)
        # Where they are in no team, something may still be shared with them.
        for slug in [team.slug for team in Team.objects.filter(members=user)] or [""]:
            transaction.on_commit(partial(signals.standings_changed.send, User, team=slug))
