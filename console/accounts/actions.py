"""Every write to people, teams and tokens: atomic and audited."""

import time
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from console.accounts import signals
from console.accounts.audit import Actor, record
from console.accounts.limits import changed
from console.accounts.models import Member, Team, Token, User, new_jti
from console.accounts.roles import Role
from console.problems import Absent, Invalid, Taken

# Of a team, in force or ended by themselves a short while ago.
MAX_TOKENS = 10_000
MOST_DROPPED = 1000


def create_user(email: str, *, password: str | None, actor: Actor, name: str = "") -> User:
    """Raises Invalid, Taken."""
    user = User(email=email.strip().lower(), name=name)
    user.set_password(password)
    try:
        user.clean_fields()
        with transaction.atomic():
            user.save()
            record(actor, "user.create", None, user.email)
    except ValidationError as error:
        raise Invalid("; ".join(error.messages), field=next(iter(error.message_dict))) from None
    except IntegrityError:
        raise Taken(f"There is already an account for {email}.") from None
    return user


def appoint_staff(user: User, *, staff: bool, actor: Actor) -> None:
    with transaction.atomic():
        user.is_staff = staff
        user.save(update_fields=["is_staff"])
        record(actor, "staff.appoint" if staff else "staff.dismiss", None, user.email)


def create_team(slug: str, name: str, *, owner: User, actor: Actor) -> Team:
    """Raises Invalid, Taken."""
    team = Team(slug=slug, name=name)
    try:
        team.clean_fields()
        with transaction.atomic():
            team.save()
            Member.objects.create(team=team, user=owner, role=Role.OWNER)
            record(actor, "team.create", team, slug, owner=owner.email)
    except ValidationError as error:
        raise Invalid("; ".join(error.messages), field=next(iter(error.message_dict))) from None
    except IntegrityError:
        raise Taken(f"There is already a team named “{slug}”.") from None
    return team


def add_member(team: Team, user: User, role: Role, *, actor: Actor) -> Member:
    """Raises Taken."""
    try:
        with transaction.atomic():
            member = Member.objects.create(team=team, user=user, role=role)
            record(actor, "member.add", team, user.email, role=role)
    except IntegrityError:
        raise Taken(f"{user.email} already belongs to “{team}”.") from None
    return member


def limit_team(team: Team, changes: Mapping[str, int | None], *, actor: Actor) -> Team:
    """For all code of the team; None goes back to the default. Raises Invalid."""
    with transaction.atomic():
        team = Team.objects.select_for_update().get(pk=team.pk)
        team.limits = changed(team.limits, changes, team=True)
        team.save(update_fields=["limits"])
        record(actor, "team.limit", team, team.slug, **changes)
        transaction.on_commit(partial(signals.team_limited.send, Team, team=team.slug))
    return team


def issue_token(
    team: Team | None, name: str, *, actor: Actor, parent: Token | None = None, code: str = "", **claims: Any
) -> Token:
    """A token that may run code in `team`, or wherever claim `ten` says; `claims` are those of the protocol.

    Raises Taken, for a claim `jti` that is not new; Invalid, when there are too many.
    """
    jti = claims.setdefault("jti", new_jti())
    if team:
        claims.setdefault("ten", team.slug)
    if Token.objects.filter(jti=jti).exists():
        raise Taken(f"There is already a token {jti}.")
    if team and Token.objects.filter(team=team, revoked_at=None).count() >= MAX_TOKENS:
        raise Invalid(
            f"The team has {MAX_TOKENS:,} tokens. Revoke some, or let new ones end by themselves (`exp`)."
        )
    with transaction.atomic():
        token = Token.objects.create(
            jti=jti,
            team=team,
            name=name,
            author=actor.user,
            parent=parent,
            code=code,
            claims={"jti": jti, "iat": int(time.time()), **claims},
        )
        record(actor, "token.issue", team, jti, name=name)
    return token


def drop_tokens(tokens: "QuerySet[Token]") -> None:
    """Those that nothing names any more: no webtask, no schedule, no token that they issued."""
    for relation in Token._meta.related_objects:
        named = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
        tokens = tokens.exclude(Exists(named))
    with transaction.atomic():
        Token.objects.filter(pk__in=list(tokens.values_list("pk", flat=True)[:MOST_DROPPED])).delete()


def revoke_token(jti: str, *, actor: Actor) -> None:
    """In force at once here, and on every executor when it hears of it or its leave runs out. Raises Absent."""
    with transaction.atomic():
        token = Token.objects.select_for_update(of=("self",)).select_related("team").filter(jti=jti).first()
        if token is None:
            raise Absent(f"There is no token {jti}.")
        if token.revoked_at is None:
            token.revoked_at = timezone.now()
            token.save(update_fields=["revoked_at"])
            record(actor, "token.revoke", token.team, jti, name=token.name)
        team = token.team.slug if token.team else ""
        transaction.on_commit(partial(signals.token_revoked.send, Token, team=team, jti=jti))
