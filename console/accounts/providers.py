"""Signing in by GitHub, Google or an OpenID provider: who that is to us.

A provider knows people by ids of its own; an address only counts when it is proved, and never opens an account that is
there already, unless the provider is trusted for that (docs/howto/sign-in-providers.md).
"""

import hashlib
from typing import Any

from allauth.account.internal.emailkit import valid_email_or_none
from allauth.account.internal.flows.reauthentication import (
    is_reauthentication_required,
    raise_if_reauthentication_required,
)
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from allauth.socialaccount.forms import DisconnectForm
from allauth.socialaccount.internal.flows.connect import connect
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.github.provider import GitHubProvider
from allauth.socialaccount.providers.github.views import GitHubOAuth2Adapter
from allauth.socialaccount.providers.google.provider import GoogleProvider
from allauth.socialaccount.providers.google.views import GoogleOAuth2Adapter
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.socialaccount.signals import social_account_removed
from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse

from console.accounts import people, ways
from console.accounts.models import User
from console.problems import Taken


class _Back:
    def get_callback_url(self, _request: HttpRequest, _app: SocialApp) -> str:
        # Never by the request's Host, which is whatever the client says.
        return f"{settings.CONSOLE_ORIGIN}{self.get_provider().get_callback_url()}"  # type: ignore[attr-defined]


class _GitHub(_Back, GitHubOAuth2Adapter):  # type: ignore[misc]
    pass


class _Google(_Back, GoogleOAuth2Adapter):  # type: ignore[misc]
    pass


class _OpenID(_Back, OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    pass


class _Ours:
    """What we ask of every provider: who somebody is, by PKCE, and no more than we say, whatever a link says."""

    pkce_enabled_default = True

    def get_callback_url(self) -> str:
        return reverse("provider_callback", args=[self.sub_id])  # type: ignore[attr-defined]

    def get_scope_from_request(self, _request: HttpRequest) -> list[str]:
        scope: list[str] = self.get_scope()  # type: ignore[attr-defined]
        return scope

    def get_auth_params_from_request(self, _request: HttpRequest, _action: Any) -> dict[str, str]:
        params: dict[str, str] = self.get_auth_params()  # type: ignore[attr-defined]
        return params


class GitHub(_Ours, GitHubProvider):  # type: ignore[misc]
    oauth2_adapter_class = _GitHub


class Google(_Ours, GoogleProvider):  # type: ignore[misc]
    oauth2_adapter_class = _Google


class OpenID(_Ours, OpenIDConnectProvider):  # type: ignore[misc]
    oauth2_adapter_class = _OpenID

    def extract_uid(self, data: Any) -> str:
        """With the issuer: another one may call somebody else so. Hashed: the two may be longer than the column."""
        known = f"{self.app.settings['server_url']}\n{super().extract_uid(data)}"
        return hashlib.sha256(known.encode()).hexdigest()


class Providers(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def list_apps(
        self, _request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Those of the settings alone: no row in the database opens a way in."""
        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def populate_user(self, _request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        """One address for each person, the best proved; and we keep no more than shows which account that is."""
        addresses = sociallogin.email_addresses
        best = next((one for one in addresses if one.verified), addresses[0] if addresses else None)
        sociallogin.email_addresses = [best] if best else []
        user: User = sociallogin.user
        user.email = best.email if best else ""
        parts = (data.get("first_name"), data.get("last_name"))
        user.name = str(data.get("name") or " ".join(part for part in parts if part))[:100]
        shown = {"login": data.get("username"), "email": valid_email_or_none(data.get("email")) or user.email}
        sociallogin.account.extra_data = {key: str(value) for key, value in shown.items() if value}
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Raises ImmediateHttpResponse."""
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            raise ImmediateHttpResponse(_connected(request, sociallogin))
        if sociallogin.is_existing or not _proved(sociallogin):
            return
        holder = people.make_room(sociallogin.user.email)
        if holder:
            provider = sociallogin.provider.name
            text = f"There is an account for {holder.email} already. Sign in to it; then you can connect {provider}."
            messages.warning(request, text)
            connections = reverse("socialaccount_connections")
            raise ImmediateHttpResponse(redirect(f"{reverse('account_login')}?next={connections}"))

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        """For a provider that is trusted with addresses, into an account whose address is proved here as well."""
        found: tuple[User, str] | None = super().authenticate_by_email(sociallogin)
        return found if found and people.has_proved(found[0]) else None

    def save_user(
        self, request: HttpRequest, sociallogin: SocialLogin, form: forms.Form | None = None
    ) -> User:
        """Raises ImmediateHttpResponse."""
        user: User = sociallogin.user
        user.set_unusable_password()
        if form:
            user.email = form.cleaned_data["email"]
        proved = _proved(sociallogin) and user.email == sociallogin.email_addresses[0].email
        try:
            people.sign_up(
                user, actor=people.actor_of(request, user), account=sociallogin.account, proved=proved
            )
        except Taken as problem:
            messages.error(request, problem.detail)
            raise ImmediateHttpResponse(redirect("account_login")) from None
        return user


class Disconnect(DisconnectForm):  # type: ignore[misc]
    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = forms.Form.clean(self) or {}
        account: SocialAccount | None = cleaned.get("account")
        if account and ways.is_last(account):
            raise forms.ValidationError(
                "You have no other way to sign in. Set a password or add a passkey first."
            )
        return cleaned

    def save(self) -> None:
        account: SocialAccount = self.cleaned_data["account"]
        if account.provider in ways.configured():
            super().save()
            return
        # Of a provider that is no more; the library would ask it for its name.
        raise_if_reauthentication_required(self.request, app="allauth.socialaccount")
        account.delete()
        social_account_removed.send(SocialAccount, request=self.request, socialaccount=account)


def _proved(sociallogin: SocialLogin) -> bool:
    """Whether the provider vouches for an address."""
    return any(one.verified for one in sociallogin.email_addresses)


def _connected(request: HttpRequest, sociallogin: SocialLogin) -> Any:
    """The row and the audit of it are one transaction. Who confirmed that it is they too long ago does it again."""
    if is_reauthentication_required(request, app="allauth.socialaccount"):
        messages.error(request, "That took too long. Try again.")
        return redirect("socialaccount_connections")
    with transaction.atomic():
        return connect(request, sociallogin)
