"""The end of an account, by its owner's own hand."""

from functools import partial

from allauth.usersessions.models import UserSession
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string

from console.accounts import signals
from console.accounts.actions import revoke_token
from console.accounts.audit import Actor, changes, record
from console.accounts.models import Kind, Member, Team, Token, User
from console.accounts.roles import Role
from console.problems import Problem


class Needed(Problem):
    id = "needed"
    status = 409
    title = "Teams would be left without an owner"


def owned_alone(user: User) -> "QuerySet[Team]":
    """Teams that nobody else owns: neither they nor what is in them may go, or stay, unnoticed."""
    others = Member.objects.filter(role=Role.OWNER).exclude(user=user).values("team")
    owned = Team.objects.filter(member__user=user, member__role=Role.OWNER)
    return owned.exclude(pk__in=others).order_by("slug")


def close(user: User, *, actor: Actor) -> None:
    """With their sessions, passkeys, drafts, and the tokens that act as them. What they did for teams stays. Raises Needed."""
    with transaction.atomic():
        # Whoever makes somebody an owner, or takes it back, at this moment waits.
        user = User.objects.select_for_update().get(pk=user.pk)
        alone = ", ".join(owned_alone(user).values_list("slug", flat=True))
        if alone:
            raise Needed(
                f"You are the only owner of {alone}. Make somebody else an owner, or delete the team."
            )
        for token in Token.objects.filter(author=user, kind=Kind.API, revoked_at=None):
            revoke_token(token.jti, actor=actor)
        for member in Member.objects.filter(user=user).select_related("team"):
            transaction.on_commit(partial(signals.standings_changed.send, Member, team=member.team.slug))
            record(actor, "team.leave", member.team, user, **changes({"role": member.role}, {}))
        for session in UserSession.objects.filter(user=user):
            session.end()
        record(actor, "user.close", None, user)
        send_mail("Your account is closed", _letter(user), None, [user.handle])
        user.delete()
        transaction.on_commit(partial(signals.standings_changed.send, Member))


def _letter(user: User) -> str:
    return render_to_string("account/email/closed.txt", {"email": user.email}).strip()
