"""Every write to a team as such: made, renamed, left, handed over, deleted. Atomic and audited."""

from functools import partial

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from console.accounts import names, signals
from console.accounts.access_members import tokens_of
from console.accounts.actions import create_team, revoke_all
from console.accounts.audit import Actor, changes, record
from console.accounts.models import FormerName, Member, Team, Token, User
from console.accounts.roles import Role
from console.jobs.queue import enqueue
from console.problems import Absent, Forbidden, Invalid, Unfit

# Of one person: names of teams that they deleted, which nobody else can have.
MAX_HELD = 100
SWEEP = "accounts.sweep-teams"


def found_team(slug: str, name: str, *, owner: User, actor: Actor) -> Team:
    """By a person for themselves, who may own so many. Raises Forbidden, Invalid, Taken."""
    if owner.is_guest:
        raise Forbidden("A guest has one team, for a day. Keep it first, then make others.")
    if not owner.has_account:
        raise Forbidden(
            "A token is for its own webtasks. Sign in, and make a team as the person that you are."
        )
    with transaction.atomic():
        # By turns: two at once must see each other.
        owner = User.objects.select_for_update().get(pk=owner.pk)
        if Member.objects.filter(user=owner, role=Role.OWNER).count() >= settings.MAX_TEAMS:
            raise Invalid(
                f"You own {settings.MAX_TEAMS} teams, which is the limit. Make somebody else the owner of one, or delete one."
            )
        if FormerName.objects.filter(team=None, holder=owner).count() >= MAX_HELD:
            raise Invalid("You have deleted as many teams as one person may.")
        return create_team(slug, name, owner=owner, actor=actor)


def rename_team(team: Team, *, slug: str, name: str, actor: Actor) -> Team:
    """The slug before goes on leading here. Raises Invalid, Taken."""
    try:
        with transaction.atomic():
            team = _lock(team)
            before = {"slug": team.slug, "name": team.name}
            after = {"slug": slug, "name": name}
            if before == after:
                return team
            team.slug, team.name = slug, name
            team.clean_fields()
            team.save(update_fields=["slug", "name"])
            if slug != before["slug"]:
                _move(team, before["slug"], actor=actor)
            record(actor, "team.rename", team, slug, before=before, after=after)
    except ValidationError as error:
        raise _invalid(error) from None
    except IntegrityError:
        raise names.taken(slug) from None
    return team


def leave_team(team: Team, user: User, *, actor: Actor, revoke: bool = False) -> None:
    """What they issued goes as when they are removed (console.accounts.members). Raises Unfit for the last owner."""
    with transaction.atomic():
        member = Member.objects.select_related("user").filter(team=_lock(team), user=user).first()
        if member is None:
            raise Absent(f"There is no team “{team}” that you belong to.")
        others = Member.objects.filter(team=team, role=Role.OWNER).exclude(pk=member.pk)
        if member.role == Role.OWNER and not others.exists():
            raise Unfit(
                "You are the team's only owner. Make another member the owner first, or delete the team."
            )
        told = changes({"role": member.role}, {})
        revoked = revoke_all(tokens_of(member), actor=actor) if revoke else 0
        record(actor, "team.leave", team, user, revoked_tokens=revoked, **told)
        member.delete()
        transaction.on_commit(partial(signals.standings_changed.send, Member, team=team.slug))


def transfer_team(team: Team, email: str, *, owner: User, actor: Actor) -> Member:
    """`owner` makes another member the owner, and is an admin from then on. Raises Invalid."""
    with transaction.atomic():
        members = {one.user: one for one in Member.objects.select_related("user").filter(team=_lock(team))}
        found = next((one for one in members.values() if one.user.email == email.strip().lower()), None)
        if found is None:
            raise Invalid(f"{email} is no member of the team. Invite them first.", field="email")
        if found.user == owner:
            raise Invalid("You are the owner already. Choose another member.", field="email")
        own = members.get(owner)
        if own is None or own.role != Role.OWNER:
            raise Forbidden("You are not the owner any more.")
        before = {own.user.handle: own.role, found.user.handle: found.role}
        own.role, found.role = Role.ADMIN, Role.OWNER
        Member.objects.bulk_update([own, found], ["role"])
        after = {own.user.handle: own.role, found.user.handle: found.role}
        record(actor, "team.transfer", team, found.user, before=before, after=after)
        transaction.on_commit(partial(signals.standings_changed.send, Member, team=team.slug))
    return found


def confirm(team: Team, typed: str) -> None:
    """Whoever deletes a team types its name. Raises Invalid."""
    if typed.strip() != team.slug:
        raise Invalid(f"That is not the team's name. Type {team.slug}, exactly.", field="slug")


def disband_team(team: Team, *, actor: Actor) -> None:
    """At once: it has no name, no member and no token that is good for anything. Its rows, which may be millions, go by
    a job (console.accounts.sweep); what was written of it in the audit trail stays."""
    with transaction.atomic():
        team = _lock(team)
        slug, known = team.slug, list(names.names_of(team))
        told = {"name": team.name, "members": Member.objects.filter(team=team).count(), "names": known}
        record(actor, "team.delete", team, slug, before=told, after={})
        FormerName.objects.filter(team=team).update(team=None, holder=actor.user)
        FormerName.objects.create(slug=slug, holder=actor.user)
        # No slug that a URL or a claim could spell.
        team.slug, team.disbanded_at = f"~{team.pk}", timezone.now()
        team.save(update_fields=["slug", "disbanded_at"])
        Token.objects.filter(team=team, revoked_at=None).update(revoked_at=team.disbanded_at)
        _dismiss(team)
        signals.team_disbanded.send(Team, team=team)
        enqueue(SWEEP)
        transaction.on_commit(partial(signals.team_gone.send, Team, team=slug))
        transaction.on_commit(partial(signals.standings_changed.send, Team))


def _move(team: Team, before: str, *, actor: Actor) -> None:
    names.check(team.slug)
    names.settle(team, person=actor.user)
    if FormerName.objects.filter(team=team).count() >= names.MAX_FORMER:
        raise Invalid(
            f"The team has had {names.MAX_FORMER} other names, all of which go on leading here. Take one of those.",
            field="slug",
        )
    FormerName.objects.create(slug=before, team=team)
    transaction.on_commit(partial(signals.team_gone.send, Team, team=before))


def _dismiss(team: Team) -> None:
    """Members, and whatever else of accounts is about who belongs to the team."""
    for relation in Team._meta.related_objects:
        model = relation.related_model
        if model._meta.app_label == Team._meta.app_label and model not in (Token, FormerName):
            model._base_manager.filter(**{relation.field.name: team}).delete()


def _lock(team: Team) -> Team:
    """Two writers of one team take turns. Raises Absent when the other deleted it."""
    found = Team.objects.select_for_update().filter(pk=team.pk, disbanded_at=None).first()
    if found is None:
        raise Absent(f"There is no team “{team.slug}” any more.")
    return found


def _invalid(error: ValidationError) -> Invalid:
    return Invalid("; ".join(error.messages), field=next(iter(error.message_dict)))
