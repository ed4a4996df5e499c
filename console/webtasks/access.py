"""Reads of a webtask's things by name go through here: the check lives once."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from console.accounts.access import Standing, access_team, membership, powers, require_staff, standing
from console.accounts.holders import TokenHolder
from console.accounts.models import Team, User
from console.accounts.names import team_named
from console.accounts.principals import Principal
from console.accounts.roles import Action, shared
from console.problems import Absent
from console.webtasks.files import text_of
from console.webtasks.models import Collaborator, Draft, Executor, Secret, Version, Webtask


def access_webtask(who: Principal, team: str, name: str, action: Action) -> Webtask:
    """Raises Absent (no such webtask, or not yours: the same), Forbidden (what you may with it lacks `action`)."""
    webtask, held = _look(who, team, name)
    held.require(action)
    return webtask


def allowed_with(who: Principal, webtask: Webtask) -> frozenset[Action]:
    """All that it may with this webtask, for pages to show no more. Raises Absent."""
    return _look(who, webtask.team.slug, webtask.name)[1].actions


def access_opened(who: TokenHolder) -> Webtask:
    """The first that a session with a token is for. Raises Absent."""
    for team, name in sorted(who.opened):
        webtask = Webtask.objects.select_related("team").filter(team=team, name=name).first()
        if webtask and who.own(webtask.team, name):
            return webtask
    raise Absent("What the token was for is not there any more.")


def access_shared(who: Principal) -> "QuerySet[Webtask]":
    """Of other teams, what is shared with somebody; by team and name."""
    if not isinstance(who.user, User):
        return Webtask.objects.none()
    found = Webtask.objects.filter(pk__in=_collaborations(who.user).values("webtask")).exclude(
        team__members=who.user
    )
    return (
        found.select_related("team", "live").defer("live__code", "live__files").order_by("team__slug", "name")
    )


def shared_with(team: Team, user: User) -> "QuerySet[Webtask]":
    """Of a team that access_team returned, what is shared with somebody by their address; by name."""
    found = Webtask.objects.filter(team=team, collaborators__email=user.email).exclude(
        collaborators__email=""
    )
    return found.order_by("name")


def access_collaborators(webtask: Webtask) -> "QuerySet[Collaborator]":
    """Of a webtask that access_webtask returned; oldest first."""
    return Collaborator.objects.select_related("to_team").filter(webtask=webtask).order_by("pk")


def access_collaborator(webtask: Webtask, number: int) -> Collaborator:
    """Of a webtask that access_webtask returned. Raises Absent."""
    collaborator = access_collaborators(webtask).filter(pk=number).first()
    if collaborator is None:
        raise Absent(f"The webtask “{webtask}” has no collaborator {number}.")
    return collaborator


def _look(who: Principal, team: str, name: str) -> tuple[Webtask, Standing]:
    """Role and collaborators together. Raises Absent."""
    member = standing(who, team)
    owner = member.team if member else team_named(team)
    webtask = Webtask.objects.select_related("team", "live__author").filter(team=owner, name=name).first()
    held = _standing_with(who, webtask, member) if webtask else None
    if webtask is None or held is None:
        raise Absent(f"There is no webtask “{team}/{name}” that you can see.")
    return webtask, held


def _standing_with(who: Principal, webtask: Webtask, member: Standing | None) -> Standing | None:
    """None for whoever must not know that it is there."""
    if not who.within(webtask.team, webtask.name):
        return None
    if own := who.own(webtask.team, webtask.name):
        return Standing(webtask.team, "somebody with a token for this webtask", own)
    granted = _granted(who.user, webtask) if isinstance(who.user, User) else frozenset[Action]()
    if member is None:
        title = "somebody that this webtask is shared with"
        return Standing(webtask.team, title, who.narrow(granted)) if granted else None
    return Standing(member.team, member.title, member.actions | who.narrow(granted))


def _granted(user: User, webtask: Webtask) -> frozenset[Action]:
    """To a member of a team that it is shared with, no more than their role lets them do in their own."""
    found: set[Action] = set()
    for collaborator in _collaborations(user).filter(webtask=webtask):
        actions = shared(collaborator.rights)
        if collaborator.to_team:
            member = membership(user, collaborator.to_team.slug)
            actions &= powers(member) if member else frozenset()
        found |= actions
    return frozenset(found)


def _collaborations(user: User) -> "QuerySet[Collaborator]":
    if not user.is_active:
        return Collaborator.objects.none()
    to_them = Q(to_team__members=user)
    if user.email:
        to_them |= Q(email=user.email)
    return Collaborator.objects.select_related("to_team").filter(to_them)


def access_webtasks(who: Principal, team: str) -> "QuerySet[Webtask]":
    """All of a team's webtasks, by name. A list needs no code, which can be a MiB each. Raises Absent, Forbidden."""
    return (
        who.among(_webtasks(access_team(who, team, Action.VIEW)))
        .defer("live__code", "live__files")
        .order_by("name")
    )


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


def access_version(webtask: Webtask, number: int) -> Version:
    """Of a webtask that access_webtask returned. Raises Absent."""
    version = Version.objects.select_related("author").filter(webtask=webtask, number=number).first()
    if version is None:
        raise Absent(f"The webtask “{webtask}” has no version {number}.")
    return version


def access_versions(webtask: Webtask, *, before: int | None = None) -> "QuerySet[Version]":
    """Of a webtask that access_webtask returned; newest first. Without the code, which can be a MiB each."""
    found = (
        Version.objects.select_related("author")
        .defer("code", "files")
        .filter(webtask=webtask)
        .order_by("-number")
    )
    return found.filter(number__lt=before) if before else found


def access_secrets(webtask: Webtask) -> "QuerySet[Secret]":
    """Of a webtask that access_webtask returned; by name, without their values."""
    return Secret.objects.filter(webtask=webtask).defer("value").order_by("name")


def access_executors(who: Principal) -> "QuerySet[Executor]":
    """Of the whole installation, by name. Raises Forbidden."""
    require_staff(who)
    return Executor.objects.order_by("name")


def access_executor(who: Principal, number: int) -> Executor:
    """Raises Forbidden, Absent."""
    executor = access_executors(who).filter(pk=number).first()
    if executor is None:
        raise Absent(f"There is no executor {number}.")
    return executor


@dataclass(frozen=True, slots=True)
class DraftView:
    """A person's draft as they see it: `saved` is None when it is still the live code, untouched."""

    code: str
    files: Mapping[str, str]
    base: int | None
    saved: Draft | None

    @property
    def text(self) -> str:
        return text_of(self.code, self.files)

    @property
    def etag(self) -> str:
        return self.saved.etag if self.saved else ""


def draft_of(webtask: Webtask, user: User) -> DraftView:
    saved = Draft.objects.filter(webtask=webtask, user=user).first()
    if saved:
        return DraftView(saved.code, saved.files, saved.base, saved)
    live = webtask.live
    return DraftView(live.code, live.files, live.number, None) if live else DraftView("", {}, None, None)


def access_drafts(webtask: Webtask) -> "QuerySet[Draft]":
    """Everybody's, of a webtask that access_webtask returned with webtask.code; newest first."""
    return (
        Draft.objects.select_related("user", "webtask__team")
        .filter(webtask=webtask)
        .order_by("-saved_at", "-pk")
    )


def access_draft(webtask: Webtask, person: int) -> Draft:
    """Of whoever has that id, as access_drafts. Raises Absent."""
    # By way of people: of their ids, unlike of what refers to them, none is too large to ask for.
    draft = access_drafts(webtask).filter(user__in=User.objects.filter(pk=person)).first()
    if draft is None:
        raise Absent(f"The webtask “{webtask}” has no draft of a person {person}.")
    return draft


def _webtasks(team: Team) -> "QuerySet[Webtask]":
    return Webtask.objects.select_related("team", "live__author").filter(team=team)
