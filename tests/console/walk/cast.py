"""Everybody there can be in a browser: each role, each right, strangers and nobody."""

from collections.abc import Iterator
from typing import Any

from django.test import Client

from console.accounts.actions import add_member, appoint_staff, create_team
from console.accounts.audit import SYSTEM
from console.accounts.models import User
from console.accounts.roles import Right, Role
from console.webtasks.models import Collaborator, Webtask
from tests.console.people import People, Person
from tests.console.walk.walker import Walker


def cast(people: People) -> list[Walker]:
    """Of a team acme with a webtask hello."""
    hello = Webtask.objects.get(team=people.team, name="hello")
    return [*_members(people), *_collaborators(people, hello), *_others(people)]


def _members(people: People) -> Iterator[Walker]:
    for role in Role:
        yield _as(people.bob(role), f"{role} of the team", role=role)


def _collaborators(people: People, hello: Webtask) -> Iterator[Walker]:
    for right in Right:
        person = people.stranger(f"with-{right}")
        Collaborator.objects.create(webtask=hello, email=person.user.handle, rights=[right])
        yield _as(person, f"with the right {right}", rights=frozenset({right}))
        yield _through_team(people, hello, right, Role.DEVELOPER)
    yield _through_team(people, hello, Right.EDIT, Role.VIEWER)
    both = people.stranger("viewer-who-runs")
    add_member(people.team, both.user, Role.VIEWER, actor=SYSTEM)
    Collaborator.objects.create(webtask=hello, email=both.user.handle, rights=[Right.RUN])
    yield _as(both, "viewer with the right run", role=Role.VIEWER, rights=frozenset({Right.RUN}))


def _through_team(people: People, hello: Webtask, right: Right, role: Role) -> Walker:
    owner, person = people.stranger(f"owner-{right}-{role}"), people.stranger(f"{role}-{right}")
    team = create_team(f"with-{right}-{role}", "Beside", owner=owner.user, actor=SYSTEM)
    add_member(team, person.user, role, actor=SYSTEM)
    Collaborator.objects.create(webtask=hello, to_team=team, rights=[right])
    name = f"{role} of a team with the right {right}"
    return _as(person, name, rights=frozenset({right}), elsewhere=role)


def _others(people: People) -> Iterator[Walker]:
    yield Walker("nobody signed in", Client())
    yield _as(people.charlie, "stranger")
    gone, off, staff = (people.stranger(name) for name in ("gone", "off", "staff"))
    add_member(people.team, gone.user, Role.ADMIN, actor=SYSTEM).delete()
    yield _as(gone, "former admin")
    add_member(people.team, off.user, Role.ADMIN, actor=SYSTEM)
    User.objects.filter(pk=off.user.pk).update(is_active=False)
    yield Walker("admin who is switched off", off.client)
    appoint_staff(staff.user, staff=True, actor=SYSTEM)
    yield _as(staff, "staff of the installation", staff=True)


def _as(person: Person, name: str, **more: Any) -> Walker:
    return Walker(name, person.client, user=person.user.pk, **more)
