"""Reads of a webtask's things by name go through here: the check lives once."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from console.accounts.access import access_team, membership, require_staff
from console.accounts.models import Team, Token, User
from console.accounts.roles import Action, require
from console.problems import Absent
from console.webtasks.models import Draft, Executor, Secret, Version, Webtask


def access_webtask(user: User | AnonymousUser, team: str, name: str, action: Action) -> Webtask:
    """Raises Absent (no such webtask, or not yours: the same), Forbidden (your role lacks `action`)."""
    absent = Absent(f"There is no webtask “{team}/{name}” that you can see.")
    member = membership(user, team)
    if member is None:
        raise absent
    webtask = _webtasks(member.team).filter(name=name).first()
    if webtask is None:
        raise absent
    require(member.role, action)
    return webtask


def access_webtasks(user: User | AnonymousUser, team: str) -> "QuerySet[Webtask]":
    """All of a team's webtasks, by name. A list needs no code, which can be a MiB each. Raises Absent, Forbidden."""
    return _webtasks(access_team(user, team, Action.VIEW)).defer("live__code").order_by("name")


def find_webtask(team: Team, name: str) -> Webtask:
    """Of a container that a credential is good for. Raises Absent, in the original's words."""
    webtask = _webtasks(team).select_related("token").filter(name=name).first()
    if webtask is None:
        raise Absent(f"unable to resolve jtn to webtask token: team {team} has no webtask {name}")
    return webtask


def published(team: Team | None) -> "QuerySet[Webtask]":
    """All that can be called, of a container that a credential is good for, or of all for an administrator."""
    found = Webtask.objects.select_related("team", "token", "live").filter(live__isnull=False)
    return found.filter(team=team).order_by("name") if team else found.order_by("team__slug", "name")


def closed_by(jti: str) -> tuple[list[Webtask], set[str]]:
    """What a token that is revoked takes with it: the webtasks whose URL stands for it or for one that descends from it,
    and the containers of those that descend from it."""
    young, seen, teams = [jti], {jti}, set[str]()
    webtasks = list(Webtask.objects.select_related("team").filter(token=jti))
    while young:
        # By parts: a database takes so many values in one question.
        part, young = young[:_PART], young[_PART:]
        for child, team in Token.objects.filter(parent__in=part).values_list("jti", "team__slug"):
            if child not in seen:
                seen.add(child)
                young.append(child)
                teams.add(team or "")
        webtasks += Webtask.objects.select_related("team").filter(token__parent__in=part)
    return webtasks, teams - {""}


def access_version(webtask: Webtask, number: int) -> Version:
    """Of a webtask that access_webtask returned. Raises Absent."""
    version = Version.objects.select_related("author").filter(webtask=webtask, number=number).first()
    if version is None:
        raise Absent(f"The webtask “{webtask}” has no version {number}.")
    return version


def access_versions(webtask: Webtask, *, before: int | None = None) -> "QuerySet[Version]":
    """Of a webtask that access_webtask returned; newest first. Without the code, which can be a MiB each."""
    found = Version.objects.select_related("author").defer("code").filter(webtask=webtask).order_by("-number")
    return found.filter(number__lt=before) if before else found


def access_secrets(webtask: Webtask) -> "QuerySet[Secret]":
    """Of a webtask that access_webtask returned; by name, without their values."""
    return Secret.objects.filter(webtask=webtask).defer("value").order_by("name")


def access_executors(user: User | AnonymousUser) -> "QuerySet[Executor]":
    """Of the whole installation, by name. Raises Forbidden."""
    require_staff(user)
    return Executor.objects.order_by("name")


def access_executor(user: User | AnonymousUser, number: int) -> Executor:
    """Raises Forbidden, Absent."""
    executor = access_executors(user).filter(pk=number).first()
    if executor is None:
        raise Absent(f"There is no executor {number}.")
    return executor


_PART = 1000


@dataclass(frozen=True, slots=True)
class DraftView:
    """A person's draft as they see it: `saved` is None when it is still the live code, untouched."""

    code: str
    base: int | None
    saved: Draft | None

    @property
    def etag(self) -> str:
        return self.saved.etag if self.saved else ""


def draft_of(webtask: Webtask, user: User) -> DraftView:
    saved = Draft.objects.filter(webtask=webtask, user=user).first()
    if saved:
        return DraftView(saved.code, saved.base, saved)
    live = webtask.live
    return DraftView(live.code, live.number, None) if live else DraftView("", None, None)


def _webtasks(team: Team) -> "QuerySet[Webtask]":
    return Webtask.objects.select_related("team", "live__author").filter(team=team)
