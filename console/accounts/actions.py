"""Every write to people, teams and tokens: atomic and audited."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from console.accounts import keys, names, signals
from console.accounts.access import standing
from console.accounts.audit import SYSTEM, Actor, changes, record
from console.accounts.limits import changed
from console.accounts.models import Kind, Member, Team, Token, User
from console.accounts.people import vouch
from console.accounts.principals import KeyHolder, Principal
from console.accounts.roles import Role
from console.accounts.terms import MAX_DEPTH, Terms
from console.accounts.tokens import code_urls, sign
from console.problems import Absent, Invalid, Taken

# Of a team, in force or ended by themselves a short while ago.
MAX_TOKENS = 10_000
MOST_DROPPED = 1000


@dataclass(frozen=True, slots=True)
class Issued:
    """`secret` is what its holder presents. It is kept nowhere."""

    token: Token
    secret: str


def create_user(email: str, *, password: str | None, actor: Actor, name: str = "") -> User:
    """Raises Invalid, Taken."""
    user = User(email=email.strip().lower(), name=name)
    user.set_password(password)
    try:
        user.clean_fields()
        with transaction.atomic():
            user.save()
            vouch(user)
            record(actor, "user.create", None, user, **changes({}, {"name": name}))
    except ValidationError as error:
        raise Invalid("; ".join(error.messages), field=next(iter(error.message_dict))) from None
    except IntegrityError:
        raise Taken(f"There is already an account for {email}.") from None
    return user


def appoint_staff(user: User, *, staff: bool, actor: Actor) -> None:
    with transaction.atomic():
        before, user.is_staff = user.is_staff, staff
        user.save(update_fields=["is_staff"])
        told = changes({"staff": before}, {"staff": staff})
        record(actor, "staff.appoint" if staff else "staff.dismiss", None, user, **told)


def create_team(slug: str, name: str, *, owner: User, actor: Actor) -> Team:
    """Raises Invalid, Taken."""
    team = Team(slug=slug, name=name)
    try:
        team.clean_fields()
        names.check(slug)
        with transaction.atomic():
            team.save()
            names.settle(team, person=owner)
            Member.objects.create(team=team, user=owner, role=Role.OWNER)
            record(actor, "team.create", team, slug, **changes({}, {"name": name, "owner": owner.handle}))
    except ValidationError as error:
        raise Invalid("; ".join(error.messages), field=next(iter(error.message_dict))) from None
    except IntegrityError:
        raise names.taken(slug) from None
    return team


def add_member(team: Team, user: User, role: Role, *, actor: Actor) -> Member:
    """Raises Taken."""
    try:
        with transaction.atomic():
            member = Member.objects.create(team=team, user=user, role=role)
            record(actor, "member.add", team, user, **changes({}, {"role": role}))
    except IntegrityError:
        raise Taken(f"{user.handle} already belongs to “{team}”.") from None
    return member


def limit_team(team: Team, wanted: Mapping[str, int | None], *, actor: Actor) -> Team:
    """For all code of the team; None goes back to the default. Raises Invalid."""
    with transaction.atomic():
        team = Team.objects.select_for_update().get(pk=team.pk)
        before, team.limits = team.limits, changed(team.limits, wanted, team=True)
        team.save(update_fields=["limits"])
        record(actor, "team.limit", team, team.slug, **changes(before, team.limits))
        transaction.on_commit(partial(signals.team_limited.send, Team, team=team.slug))
    return team


def issue_token(
    team: Team | None, name: str, *, actor: Actor, parent: Token | None = None, code: str = "", **claims: Any
) -> Token:
    """A token that may run code in `team`, or wherever claim `ten` says; `claims` are those of the protocol.

    What the protocol has no words for is as in `parent`.
    Raises Taken, for a claim `jti` that is not new; Invalid, when there are too many.
    """
    terms = parent.terms if parent else Terms()
    columns = {**terms.columns(), **({"webtasks": claims["jtnm"]} if "jtnm" in claims else {})}
    token = Token(team=team, name=name, author=actor.user, parent=parent, code=code, **columns)
    return _issue(token, claims, actor=actor)


def issue_key(who: Principal, team: Team, name: str, *, kind: Kind, wanted: Terms, actor: Actor) -> Issued:
    """For a member, or the holder of an API token: what they get is no wider than what they have.

    Raises Absent, Invalid.
    """
    held = standing(who, team.slug)
    if held is None:
        raise Absent(f"There is no team “{team}” that you belong to.")
    parent = who.token if isinstance(who, KeyHolder) else None
    own = replace(parent.terms if parent else Terms(depth=MAX_DEPTH + 1), scopes=held.actions)
    terms = own.narrowed(wanted)
    claims = terms.claims()
    if parent:
        claims["ca"] = [*parent.claims.get("ca", []), parent.jti]
    key = keys.fresh() if kind == Kind.API else ""
    token = Token(
        team=team,
        name=name,
        author=actor.user,
        parent=parent,
        kind=kind,
        digest=keys.digest_of(key) if key else "",
        **terms.columns(),
    )
    _issue(token, claims, actor=actor)
    return Issued(token, key or sign(token.claims))


def _issue(token: Token, claims: dict[str, Any], *, actor: Actor) -> Token:
    """Raises Taken, Invalid."""
    team = token.team
    token.jti = claims.setdefault("jti", token.jti)
    if team:
        claims.setdefault("ten", team.slug)
    if Token.objects.filter(jti=token.jti).exists():
        raise Taken(f"There is already a token {token.jti}.")
    if team and Token.objects.filter(team=team, revoked_at=None).count() >= MAX_TOKENS:
        raise Invalid(
            f"The team has {MAX_TOKENS:,} tokens. Revoke some, or let new ones end by themselves (`exp`)."
        )
    token.claims = {"iat": int(time.time()), **claims}
    with transaction.atomic():
        token.save(force_insert=True)
        told = {"name": token.name, "kind": token.kind, **_granted(token)}
        record(actor, "token.issue", team, token.jti, **changes({}, told))
    return token


def _granted(token: Token) -> dict[str, Any]:
    """What it says of itself, without what it carries for the code that it runs."""
    terms = token.terms
    told = {
        **terms.columns(),
        "rates": dict(terms.rates),
        "expires_at": token.expires_at.isoformat() if token.expires_at else None,
        "depth": terms.depth,
        "issuer": token.parent_id,
        "container": token.claims.get("ten"),
        "webtask": token.claims.get("jtn"),
    }
    return {name: value for name, value in told.items() if value not in (None, {})}


def drop_tokens(tokens: "QuerySet[Token]", *, actor: Actor = SYSTEM) -> None:
    """Those that nothing names any more: no webtask, no schedule, no token that they issued."""
    for relation in Token._meta.related_objects:
        if relation.related_model is User:
            # Who signed in with it goes with it, and what they had not published.
            continue
        named = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
        tokens = tokens.exclude(Exists(named))
    with transaction.atomic():
        dropped = list(tokens.order_by("team").select_related("team").defer("code")[:MOST_DROPPED])
        for team, of_team in groupby(dropped, key=lambda token: token.team):
            record(actor, "token.drop", team, "tokens", tokens=[token.jti for token in of_team])
        Token.objects.filter(pk__in=[token.pk for token in dropped]).delete()


def revoke_all(tokens: "QuerySet[Token]", *, actor: Actor) -> int:
    """Returns how many. Within a transaction: they are what somebody issued whose place in a team changes in it."""
    jtis = list(tokens.values_list("jti", flat=True))
    for jti in jtis:
        revoke_token(jti, actor=actor)
    return len(jtis)


def revoke_token(jti: str, *, actor: Actor) -> None:
    """In force at once here, and on every executor when it hears of it or its leave runs out. Raises Absent."""
    with transaction.atomic():
        token = Token.objects.select_for_update(of=("self",)).select_related("team").filter(jti=jti).first()
        if token is None:
            raise Absent(f"There is no token {jti}.")
        if token.revoked_at is None:
            _revoke(token, actor=actor)
        team = token.team.slug if token.team else ""
        transaction.on_commit(partial(signals.token_revoked.send, Token, team=team, jti=jti))


def revoke_runners(team: Team, name: str, *, actor: Actor) -> None:
    """All that run this webtask's code, or stood for its URL, whosever they are: their claims name it, and another may
    get the name. Executors hear once, however many there are: with the change of the webtask."""
    urls = list(code_urls(team, name))
    runners = Token.objects.filter(Q(claims__url__in=urls) | Q(team=team, claims__jtn=name), revoked_at=None)
    with transaction.atomic():
        for token in runners.select_for_update(of=("self",)).select_related("team").defer("code"):
            _revoke(token, actor=actor)
        transaction.on_commit(partial(signals.standings_changed.send, Token))


def _revoke(token: Token, *, actor: Actor) -> None:
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    record(actor, "token.revoke", token.team, token.jti, before={"name": token.name, "kind": token.kind})
