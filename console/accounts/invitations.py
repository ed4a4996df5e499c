"""Every write to invitations: atomic and audited (docs/adr/0017-invitations-are-their-authors-word.md)."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from console.accounts.access_invitations import (
    State,
    digest_of,
    is_foreign,
    open_of,
    shown_invitation,
    state_of,
)
from console.accounts.actions import add_member
from console.accounts.audit import Actor, record
from console.accounts.members import announce, lock, lock_team, require_to_give
from console.accounts.models import Invitation, Member, User
from console.accounts.principals import Person, Principal
from console.accounts.roles import Action, Role
from console.problems import Forbidden, Gone, Invalid, Taken, TooOften, Unfit

LASTS = timedelta(days=7)
MOST_LASTS = timedelta(days=30)
MOST_USES = 100
# Of a team: open ones, and members.
MOST_OPEN = 100
MOST_MEMBERS = 1000
# In an hour: letters of one team, of one person in all their teams, to one address from whomever.
LETTERS = {"team": 30, "author": 30, "email": 5}
KEPT = timedelta(days=30)
MOST_DROPPED = 1000

GONE = {
    State.USED: "The invitation was used already.",
    State.EXPIRED: "The invitation has ended.",
    # A stranger need not hear what became of its author.
    State.REVOKED: "The invitation was taken back.",
    State.VOID: "The invitation was taken back.",
}


@dataclass(frozen=True, slots=True)
class Invited:
    """`secret` is what its link carries. It is kept nowhere."""

    invitation: Invitation
    secret: str

    @property
    def url(self) -> str:
        return f"{settings.CONSOLE_ORIGIN}/join/{self.secret}"


def invite(who: Principal, wanted: Invitation, *, actor: Actor) -> Invited:
    """Takes one that is not saved yet; with an address, a letter goes there. It replaces one that is open for the same
    address. Raises Absent, Forbidden, Invalid, Taken, TooOften."""
    _check(wanted)
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        held = lock(who, wanted.team, Action.INVITE)
        require_to_give(held, Role(wanted.role))
        wanted.author = actor.user
        if wanted.email:
            _check_letter(wanted)
            for earlier in open_of(wanted.team).filter(email=wanted.email):
                _revoke(earlier, actor=actor)
        if open_of(wanted.team).count() >= MOST_OPEN:
            raise Invalid(f"The team has {MOST_OPEN} open invitations. Take some back first.")
        wanted.digest = digest_of(secret)
        wanted.save(force_insert=True)
        told = {
            "number": wanted.pk,
            "role": wanted.role,
            "expires_at": wanted.expires_at.isoformat(timespec="seconds"),
            "most_uses": wanted.most_uses,
        }
        record(actor, "invitation.create", wanted.team, str(wanted), before={}, after=told)
        invited = Invited(wanted, secret)
        if wanted.email:
            _letter(invited).send()
    return invited


def revoke(who: Principal, invitation: Invitation, *, actor: Actor) -> None:
    """One that holds no longer stays as it is. Raises Absent, Forbidden."""
    with transaction.atomic():
        held = lock(who, invitation.team, Action.INVITE)
        found = open_of(held.team).filter(pk=invitation.pk).first()
        if found:
            _revoke(found, actor=actor)


def accept(who: Principal, secret: str, *, actor: Actor) -> Member:
    """Raises Absent, Gone, Forbidden, Taken, Unfit."""
    user = who.user
    if not isinstance(who, Person) or not isinstance(user, User) or user.holds_id:
        raise Forbidden("A token is for its own team. Accept as the person, signed in.")
    if user.is_guest:
        raise Forbidden("A guest has one team, for a day. Keep it first, then accept.")
    with transaction.atomic():
        # Who accepts and who takes it back, or who dismisses its author, take turns.
        lock_team(shown_invitation(secret).team)
        invitation = shown_invitation(secret)
        team = invitation.team
        if Member.objects.filter(team=team, user=user).exists():
            raise Taken(f"You belong to “{team}” already. The invitation was not used.")
        found = state_of(invitation)
        if found != State.OPEN:
            raise Gone(GONE[found])
        if is_foreign(invitation, user):
            raise Forbidden("The invitation is for somebody with another address.")
        if Member.objects.filter(team=team).count() >= MOST_MEMBERS:
            raise Unfit(f"A team has {MOST_MEMBERS:,} members at most.")
        member = add_member(team, user, Role(invitation.role), actor=actor)
        before = {"uses": invitation.uses}
        invitation.uses += 1
        invitation.accepted_at, invitation.accepted_by = timezone.now(), user
        invitation.save(update_fields=["uses", "accepted_at", "accepted_by"])
        after = {"uses": invitation.uses}
        told = {"number": invitation.pk, "before": before, "after": after}
        record(actor, "invitation.accept", team, str(invitation), **told)
        announce(team)
    return member


def drop_ended(now: datetime) -> None:
    """Invitations of which nobody needs to know any more. The audit trail has them still."""
    ended = Invitation.objects.filter(expires_at__lt=now - KEPT)
    Invitation.objects.filter(pk__in=list(ended.values_list("pk", flat=True)[:MOST_DROPPED])).delete()


def _check(wanted: Invitation) -> None:
    """Raises Invalid."""
    left = wanted.expires_at - timezone.now()
    if not timedelta(0) < left <= MOST_LASTS:
        raise Invalid(f"An invitation ends within {MOST_LASTS.days} days.", field="expires_at")
    if not 1 <= wanted.most_uses <= MOST_USES:
        raise Invalid(f"A link can be used 1 to {MOST_USES} times.", field="most_uses")
    if wanted.email and wanted.most_uses != 1:
        raise Invalid("An invitation to an address is for one person.", field="most_uses")


def _check_letter(wanted: Invitation) -> None:
    """Raises Taken, TooOften."""
    if Member.objects.filter(team=wanted.team, user__email=wanted.email).exists():
        raise Taken(f"{wanted.email} belongs to “{wanted.team}” already.")
    sent = Invitation.objects.exclude(email="").filter(created_at__gt=timezone.now() - timedelta(hours=1))
    for field, most in LETTERS.items():
        if sent.filter(**{field: getattr(wanted, field)}).count() >= most:
            raise TooOften("So many invitations went out within an hour. Wait a while, or make a link.")


def _revoke(invitation: Invitation, *, actor: Actor) -> None:
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    told = {"number": invitation.pk, "before": {"role": invitation.role}, "after": {}}
    record(actor, "invitation.revoke", invitation.team, str(invitation), **told)


def _letter(invited: Invited) -> EmailMessage:
    """Nothing in it is free text: else anybody could have us send theirs to anybody."""
    told = {"invitation": invited.invitation, "url": invited.url, "origin": settings.CONSOLE_ORIGIN}
    subject, body = (
        render_to_string(f"account/email/invitation_{part}.txt", told).strip()
        for part in ("subject", "message")
    )
    return EmailMessage(subject, body, to=[invited.invitation.email])
