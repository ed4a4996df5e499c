"""Every write to a person: atomic and audited. What django-allauth writes by itself is audited in trail.py."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from oauth2_provider.models import get_access_token_model, get_grant_model, get_refresh_token_model

from console.accounts import signals
from console.accounts.audit import SYSTEM, Actor, address_of, changes, record
from console.accounts.logins import name_of, teams_of
from console.accounts.models import Team, User
from console.problems import Taken

MOST_DROPPED = 1000


def actor_of(request: HttpRequest, user: User) -> Actor:
    """For who is not signed in yet, or no more."""
    return Actor(user.handle, user, address_of(request))


def sign_up(user: User, *, actor: Actor, account: SocialAccount | None = None, proved: bool = False) -> None:
    """A new person, by a provider's `account` perhaps, whose address must still be proved if it is not. Raises Taken."""
    try:
        with transaction.atomic():
            user.save()
            EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=proved)
            if account:
                account.user = user
                account.save()
            record(actor, "user.sign-up", None, user, **({"by": account.provider} if account else {}))
    except IntegrityError:
        raise Taken(f"There is already an account for {user.email}.") from None


def vouch(user: User) -> None:
    """The address needs no proof: who made the account says that it is right. Within a transaction."""
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)


def has_proved(user: User) -> bool:
    """Whether somebody with this address is known to be this person."""
    return bool(EmailAddress.objects.filter(user=user, verified=True).exists())


def make_room(email: str, *, besides: User | None = None) -> User | None:
    """For somebody who has shown that the address is theirs: an account that never did goes. Whoever keeps it instead."""
    holder = User.objects.filter(email=email).first()
    if holder == besides:
        return None
    if holder and _unproved().filter(pk=holder.pk).exists():
        _drop(holder)
        return None
    return holder


def prove(request: HttpRequest, address: EmailAddress, *, used: Collection[tuple[str, str]]) -> None:
    """The address is this person's. Within a transaction.

    What was connected while it might still have been a stranger's account goes, but for what is `used` to sign in now:
    the accounts (provider, uid) that whoever proves the address has just shown to be theirs.
    """
    user = address.user
    if user.last_login is None:
        for account in SocialAccount.objects.filter(user=user):
            if (account.provider, account.uid) not in used:
                account.delete()
                note(request, user, "user.provider.remove", before={"provider": account.provider})
    note(request, user, "user.prove-address", after={"address": address.email})


def set_password(user: User, password: str, *, actor: Actor) -> None:
    """Ends all other sessions, which carry a digest of the old one, and all logins of clients."""
    # Before the transaction: it takes long, and others want to write.
    user.set_password(password)
    with transaction.atomic():
        user.save(update_fields=["password"])
        record(actor, "user.password", None, user)
        end_logins(user, actor=actor)
        _ask_pages_again()


def rename(user: User, name: str, *, actor: Actor) -> None:
    with transaction.atomic():
        before, user.name = user.name, name
        user.save(update_fields=["name"])
        record(actor, "user.rename", None, user, **changes({"name": before}, {"name": name}))


def note(request: HttpRequest, user: User, action: str, **detail: Any) -> None:
    """That `user` did something to their account."""
    with transaction.atomic():
        record(actor_of(request, user), action, None, user, **detail)


def allow_login(request: HttpRequest, user: User, client: str, *, scopes: Sequence[str]) -> None:
    """A person lets a published client act for them, which each of the teams hears of. Within the transaction of it."""
    actor = Actor.of(request)
    told = {"client": client, "scopes": list(scopes)}
    record(actor, "login.allow", None, user, after=told)
    for team in Team.objects.filter(slug__in=teams_of(scopes)):
        record(actor, "login.allow", team, user, after=told)


def end_logins(user: User, which: int | None = None, *, actor: Actor) -> None:
    """One that console.accounts.logins lists, or all, with those whose client has not fetched them yet."""
    with transaction.atomic():
        # Who renews one at this moment comes before, and is found below; or after, and finds nothing.
        held = get_refresh_token_model().objects.filter(user=user)
        list(held.select_for_update())
        opened = get_access_token_model().objects.filter(user=user)
        found = [held, opened, get_grant_model().objects.filter(user=user)]
        if which is not None:
            held = held.filter(token_family__in=held.filter(pk=which, revoked=None).values("token_family"))
            found = [held, opened.filter(Q(refresh_token__in=held) | Q(source_refresh_token__in=held))]
        # The ids first: what tells which rows belong together goes with the first of them.
        kinds = [(rows.model, list(rows.values_list("pk", "application__client_id"))) for rows in found]
        for client in sorted({client for _, rows in kinds for _, client in rows}):
            record(actor, "login.end", None, user, before={"client": client})
        for model, rows in kinds:
            if rows:
                model.objects.filter(pk__in=[pk for pk, _ in rows]).delete()
        transaction.on_commit(partial(signals.login_ended.send, User, name=name_of(user)))


def end_sessions(request: HttpRequest, which: int | None) -> None:
    """Of who asks: one, or without `which` all but the one that asks, and all logins of clients."""
    if which is None and isinstance(request.user, User):
        end_logins(request.user, actor=Actor.of(request))
    sessions = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key)
    for session in sessions if which is None else sessions.filter(pk=which):
        with transaction.atomic():
            told = {"address": session.ip, "browser": session.user_agent}
            record(Actor.of(request), "user.session.end", None, session.user, before=told)
            session.end()
            _ask_pages_again()


def _ask_pages_again() -> None:
    """Those that are open in sessions that have just ended."""
    transaction.on_commit(partial(signals.standings_changed.send, User))


def drop_unproved(before: datetime) -> None:
    """Accounts made before then that nobody could ever sign in to."""
    for user in _unproved().filter(created_at__lt=before)[:MOST_DROPPED]:
        _drop(user)


def _unproved() -> "QuerySet[User]":
    unproved = User.objects.filter(emailaddress__verified=False, last_login=None, member=None)
    return unproved.exclude(emailaddress__verified=True)


def _drop(user: User) -> None:
    with transaction.atomic():
        record(SYSTEM, "user.drop", None, user)
        user.delete()
