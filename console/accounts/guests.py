"""Guests: people without an account, each with a team of their own for a day. Every write to them: atomic and audited.

A guest becomes a person with an account by proving an address, or hands the team to the account that they have.
"""

import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from console.accounts import signals
from console.accounts.audit import SYSTEM, Actor, record
from console.accounts.models import Member, Team, User
from console.accounts.roles import Role
from console.problems import Absent, Overloaded

LIFE = timedelta(hours=24)
# What differs from the defaults for all code of a guest. No way out at all: whoever sends spam, scans or attacks others
# does it where nobody knows them.
LIMITS = {
    "wall_ms": 10_000,
    "cpu_ms": 2_000,
    "memory_bytes": 64 * 1024 * 1024,
    "body_bytes": 1024 * 1024,
    "response_bytes": 5 * 1024 * 1024,
    "code_bytes": 256 * 1024,
    "storage_bytes": 100 * 1024,
    "concurrency": 10,
    "workers": 1,
    "log_lines": 100,
    "log_bytes": 64 * 1024,
    "egress_connections": 0,
    "egress_bytes": 0,
    "packages": 0,
    "team_concurrency": 20,
    "team_rate": 20,
    "team_webtasks": 5,
}
MOST_DROPPED = 100
# Without vowels, so that no word comes of it: 19^10 names.
_LETTERS = "bcdfghjkmnpqrstvwxz"


def admit(*, address: str) -> Member:
    """A new guest and their team; `address` is where they come from. Raises Overloaded when there are too many."""
    now = timezone.now()
    with transaction.atomic():
        if Team.objects.filter(expires_at__isnull=False).count() >= settings.GUESTS:
            raise Overloaded(
                "Too many people are trying it at this moment. Come back in an hour, or sign in."
            )
        guest = User()
        guest.set_unusable_password()
        guest.save()
        slug = f"try-{''.join(secrets.choice(_LETTERS) for _ in range(10))}"
        team = Team.objects.create(slug=slug, name="My webtasks", limits=LIMITS, expires_at=now + LIFE)
        record(Actor(guest.handle, guest, address), "guest.create", team, slug)
        return Member.objects.create(team=team, user=guest, role=Role.OWNER)


def keep(guest: User, *, actor: Actor) -> None:
    """Their address is proved: they are a person like any other. Within the transaction that proved it."""
    for team in _lock(Team.objects.filter(member__user=guest)):
        _let_last(team)
        record(actor, "guest.keep", team, team.slug, was=f"guest {guest.pk}")


def adopt(slug: str, person: User, *, actor: Actor) -> bool:
    """The team of a guest is from now on `person`'s, and so is all that the guest made. Whether it still was there."""
    with transaction.atomic():
        team = _lock(Team.objects.filter(slug=slug)).first()
        guest = User.objects.filter(member__team=team, email=None).first() if team else None
        if team is None or guest is None or team.is_over:
            return False
        # What the guest is elsewhere, if anything, ends with them: `person` may be there, as something else.
        Member.objects.filter(team=team, user=guest).update(user=person)
        for relation in User._meta.related_objects:
            if relation.one_to_many and _is_ours(relation.related_model) and relation.related_model != Member:
                rows = relation.related_model._base_manager.filter(**{relation.field.name: guest})
                rows.update(**{relation.field.name: person})
        _let_last(team)
        record(actor, "guest.adopt", team, slug, was=guest.handle)
        guest.delete()
    return True


def drop_over(now: datetime) -> None:
    """Those whose time was over by then, with all that belongs to them."""
    over = Team.objects.filter(expires_at__lte=now).order_by("expires_at")
    for slug in over.values_list("slug", flat=True)[:MOST_DROPPED]:
        # Unless it was kept at the last moment.
        with suppress(Absent):
            drop(slug, actor=SYSTEM)


def drop(slug: str, *, actor: Actor) -> None:
    """A guest's team with all that belongs to it, and the guest. Raises Absent."""
    with transaction.atomic():
        team = _lock(Team.objects.filter(slug=slug)).first()
        if team is None:
            raise Absent(f"There is no guest with a team “{slug}”.")
        record(actor, "guest.drop", team, slug)
        guests = list(User.objects.filter(member__team=team, email=None))
        transaction.on_commit(partial(signals.team_limited.send, Team, team=slug))
        transaction.on_commit(partial(signals.standings_changed.send, Team))
        team.delete()
        for guest in guests:
            guest.delete()


def _let_last(team: Team) -> None:
    team.expires_at, team.limits = None, {}
    team.save(update_fields=["expires_at", "limits"])
    transaction.on_commit(partial(signals.team_limited.send, Team, team=team.slug))
    transaction.on_commit(partial(signals.standings_changed.send, Team))


def _lock(teams: "models.QuerySet[Team]") -> "models.QuerySet[Team]":
    """Of guests. Whoever keeps a team and whoever drops it take turns."""
    return teams.filter(expires_at__isnull=False).select_for_update(of=("self",))


def _is_ours(model: type[models.Model]) -> bool:
    """Not what allauth and the OAuth library keep: sessions, factors and logins end with the guest."""
    return model.__module__.startswith("console.")
