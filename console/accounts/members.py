"""Every write to who is in a team and as what: atomic, audited, in force at once.

Nobody changes whoever may more than they, or gives more than they have. Writers of one team take turns, so that of two
owners who dismiss each other one stays.
"""

from functools import partial
from typing import Any

from django.db import transaction

from console.accounts import signals
from console.accounts.access import Standing, membership, standing
from console.accounts.access_members import tokens_of
from console.accounts.actions import revoke_all
from console.accounts.audit import Actor, changes, record
from console.accounts.models import Member, Team
from console.accounts.principals import Principal
from console.accounts.roles import TABLE, Action, Role
from console.problems import Absent, Forbidden, Invalid, Unfit


def change_role(who: Principal, member: Member, role: Role, *, actor: Actor, revoke: bool = False) -> Member:
    """Their API tokens follow; webtask tokens do not, unless what they issued is to be revoked.

    Raises Absent, Forbidden, Invalid, Unfit.
    """
    with transaction.atomic():
        held = lock(who, member.team, Action.MEMBERS)
        member = _locked(member)
        before = member.role
        if role == before:
            return member
        _require_rank(who, member)
        if not TABLE[role] <= TABLE[Role(before)]:
            require_to_give(held, role)
        _keep_an_owner(member)
        member.role = role
        member.save(update_fields=["role"])
        told: dict[str, Any] = changes({"role": before}, {"role": role})
        if revoke:
            told["revoked_tokens"] = revoke_all(tokens_of(member), actor=actor)
        record(actor, "member.role", held.team, member.user, **told)
        announce(held.team)
    return member


def remove_member(who: Principal, member: Member, *, actor: Actor, revoke: bool = False) -> None:
    """Their API tokens act as they do and lose the team with them. Webtask tokens are the team's and stay, unless they
    are to be revoked too. Raises Absent, Forbidden, Unfit."""
    with transaction.atomic():
        held = lock(who, member.team, Action.MEMBERS)
        member = _locked(member)
        _require_rank(who, member)
        _keep_an_owner(member)
        told = changes({"role": member.role}, {})
        revoked = revoke_all(tokens_of(member), actor=actor) if revoke else 0
        record(actor, "member.remove", held.team, member.user, revoked_tokens=revoked, **told)
        member.delete()
        announce(held.team)


def lock(who: Principal, team: Team, action: Action) -> Standing:
    """What `who` may, asked again now that nobody can change it meanwhile. Raises Absent, Forbidden."""
    lock_team(team)
    held = standing(who, team.slug)
    if held is None:
        raise Absent(f"There is no team “{team}” that you belong to.")
    held.require(action)
    return held


def lock_team(team: Team) -> None:
    """Whoever writes who is in it waits."""
    Team.objects.select_for_update().filter(pk=team.pk).first()


def lessens(member: Member, role: Role) -> bool:
    """Whether they could do less than before."""
    return not TABLE[Role(member.role)] <= TABLE[role]


def require_to_give(held: Standing, role: Role) -> None:
    """Raises Invalid, Forbidden. The holder of a token has no more to give than the token lets them do."""
    if role == Role.OWNER:
        raise Invalid("Nobody is made an owner so: an owner transfers the team.", field="role")
    if not TABLE[role] <= held.actions:
        raise Forbidden(
            f"You are {held.title}, and the role {role.label.lower()} lets one do more than you may."
        )


def announce(team: Team) -> None:
    transaction.on_commit(partial(signals.standings_changed.send, Member, team=team.slug))


def _locked(member: Member) -> Member:
    """Raises Absent."""
    found = Member.objects.select_related("user", "team").filter(pk=member.pk, team=member.team_id).first()
    if found is None:
        raise Absent(f"The team “{member.team}” has no member {member.pk}.")
    return found


def _require_rank(who: Principal, member: Member) -> None:
    """Raises Forbidden."""
    own = membership(who.user, member.team.slug)
    if own is None or not TABLE[Role(member.role)] <= TABLE[Role(own.role)]:
        raise Forbidden(f"{member.user} is {member.get_role_display().lower()} and may more than you.")


def _keep_an_owner(member: Member) -> None:
    """Raises Unfit."""
    owners = Member.objects.filter(team=member.team_id, role=Role.OWNER)
    if member.role == Role.OWNER and not owners.exclude(pk=member.pk).exists():
        raise Unfit(f"{member.user} is the only owner of “{member.team}”. Transfer the team first.")
