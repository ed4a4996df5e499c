"""How people sign in, and their own pages: django-allauth's views at our addresses, under the names it asks for."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.account.decorators import reauthentication_required
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as providers
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import path, re_path
from django.views.decorators.cache import never_cache

from console.accounts.models import User
from console.web.account import ProveView, RemovePasskey, SessionsView, close, profile
from console.web.audit import activity
from console.web.providers import begin, callback


def whole(view: Callable[..., Any]) -> Callable[..., Any]:
    """What it writes and the audit of it are one transaction. Not for views that weigh passwords: that takes long."""
    return transaction.atomic(view)


def for_accounts(view: Callable[..., Any]) -> Callable[..., Any]:
    """Guests have nothing there yet; they are shown how to get it. Who holds a token goes back to what it is for."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        user = request.user
        if isinstance(user, User) and not user.has_account:
            return redirect("keep" if user.is_guest else "landing")
        return view(request, *args, **kwargs)

    return guarded


urlpatterns = [
    path("signin", account.login, name="account_login"),
    path("signin/passkey", whole(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("signin/code", whole(factors.authenticate), name="mfa_authenticate"),
    path("signin/inactive", account.account_inactive, name="account_inactive"),
    path("signout", account.logout, name="account_logout"),
    path("signup", account.signup, name="account_signup"),
    path("signup/passkey", account.signup_by_passkey, name="account_signup_by_passkey"),
    path("signup/passkey/make", whole(passkeys.signup_webauthn), name="mfa_signup_webauthn"),
    path("signup/provider", whole(providers.signup), name="socialaccount_signup"),
    # Behind the paths above, which name no provider.
    path("signin/cancelled", providers.login_cancelled, name="socialaccount_login_cancelled"),
    path("signin/failed", providers.login_error, name="socialaccount_login_error"),
    path("signin/<slug:provider>", begin, name="provider_begin"),
    path("signin/<slug:provider>/callback", callback, name="provider_callback"),
    path("account", profile, name="account"),
    path("account/close", close, name="account_close"),
    path("account/providers", whole(providers.connections), name="socialaccount_connections"),
    path("account/address", whole(account.email), name="account_email"),
    path("account/address/prove", ProveView.as_view(), name="account_email_verification_sent"),
    path("account/password", account.password_change, name="account_change_password"),
    path(
        "account/password/set",
        # Where there is a passkey: an open session alone must not be turned into a way in for ever.
        reauthentication_required(account.password_set, app="allauth.account"),
        name="account_set_password",
    ),
    path("account/password/reset", account.password_reset, name="account_reset_password"),
    path("account/password/reset/sent", account.password_reset_done, name="account_reset_password_done"),
    path(
        "account/password/reset/done",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^account/password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("account/confirm", account.reauthenticate, name="account_reauthenticate"),
    path("account/confirm/code", whole(factors.reauthenticate), name="mfa_reauthenticate"),
    path("account/confirm/passkey", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("account/security", factors.index, name="mfa_index"),
    path("account/passkeys", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("account/passkeys/add", whole(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path("account/passkeys/<int:pk>/rename", whole(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
    path("account/passkeys/<int:pk>/remove", whole(RemovePasskey.as_view()), name="mfa_remove_webauthn"),
    path("account/authenticator/add", whole(totp.activate_totp), name="mfa_activate_totp"),
    path("account/authenticator/remove", whole(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("account/recovery-codes", whole(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "account/recovery-codes/make",
        whole(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path("account/activity", activity, name="activity"),
    path("account/sessions", whole(SessionsView.as_view()), name="usersessions_list"),
]
# What a guest needs to become a person, and what is for whoever is not signed in.
_FOR_ALL = ("account_email_verification_sent", "account_inactive")
for _page in urlpatterns:
    if str(_page.pattern).startswith("account") and _page.name not in _FOR_ALL:
        _page.callback = for_accounts(_page.callback)
    # Codes are shown once, and what is shown to one person is no other's: nothing of it stays in any cache.
    _page.callback = never_cache(_page.callback)
