"""What django-allauth has done for a person goes into the audit trail."""

from typing import Any

from allauth.account import signals as account
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa import signals as factors
from allauth.mfa.models import Authenticator
from allauth.socialaccount import signals as providers
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest
from oauth2_provider.signals import app_authorized

from console.accounts import keeping
from console.accounts.audit import changes
from console.accounts.models import User
from console.accounts.people import note


def watch() -> None:
    """Once, when the apps are there."""
    account.user_logged_in.connect(_signed_in, dispatch_uid="trail")
    account.user_logged_in.connect(keeping.signed_in, dispatch_uid="keeping")
    account.user_logged_out.connect(_signed_out, dispatch_uid="trail")
    account.email_changed.connect(_moved, dispatch_uid="trail")
    post_save.connect(_factor_added, sender=Authenticator, dispatch_uid="trail")
    post_delete.connect(_factor_removed, sender=Authenticator, dispatch_uid="trail")
    app_authorized.connect(_login_given, dispatch_uid="trail")
    factors.authentication_failed.connect(_code_refused, dispatch_uid="trail")
    providers.social_account_added.connect(_connected, dispatch_uid="trail")
    providers.social_account_removed.connect(_disconnected, dispatch_uid="trail")


def _signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    records = get_authentication_records(request, user)
    by = [record.get("provider") or record.get("type") or record["method"] for record in records]
    note(request, user, "user.sign-in", by=by)


def _signed_out(request: HttpRequest, user: User | None, **_: Any) -> None:
    if user:
        note(request, user, "user.sign-out")


def _moved(
    request: HttpRequest, user: User, from_email_address: Any, to_email_address: Any, **_: Any
) -> None:
    before = from_email_address.email if from_email_address else ""
    if before:
        told = changes({"address": before}, {"address": to_email_address.email})
        note(request, user, "user.address", **told)


def _factor_added(instance: Authenticator, created: bool, **_: Any) -> None:
    """The library's own signal comes after the commit: too late to be in the transaction of the deed."""
    if created and context.request:
        note(context.request, instance.user, "user.factor.add", after=_told(instance))


def _factor_removed(instance: Authenticator, origin: Any, **_: Any) -> None:
    """Not when the whole person goes."""
    if not isinstance(origin, User) and context.request:
        note(context.request, instance.user, "user.factor.remove", before=_told(instance))


def _login_given(request: HttpRequest, token: Any, **_: Any) -> None:
    """A client got its access token, or a fresh one for the one that it had."""
    told = {"client": token.application.client_id, "scopes": token.scope.split()}
    note(request, token.user, "login.token", after=told)


def _code_refused(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """Whoever is asked for a code knows the password, or sits before an open session."""
    note(request, user, "user.factor.refuse", after=_told(authenticator))


def _connected(request: HttpRequest, sociallogin: SocialLogin, **_: Any) -> None:
    note(request, sociallogin.user, "user.provider.add", after={"provider": sociallogin.account.provider})


def _disconnected(request: HttpRequest, socialaccount: SocialAccount, **_: Any) -> None:
    note(request, socialaccount.user, "user.provider.remove", before={"provider": socialaccount.provider})


def _told(authenticator: Authenticator) -> dict[str, str]:
    """Its kind and, of a passkey, its name."""
    told = {"kind": str(authenticator.type)}
    if authenticator.type == Authenticator.Type.WEBAUTHN:
        told["name"] = authenticator.wrap().name
    return told
