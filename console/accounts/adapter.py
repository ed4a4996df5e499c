"""What django-allauth asks the installation: where links lead, who may sign up, how things are written."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.core.internal import ratelimit
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from console.accounts import familiar, keeping, onward, people, signup
from console.accounts.models import User


class People(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "That e-mail address and password do not belong together. Check both and try again.",
        "incorrect_password": "That is not your password.",
        "enter_current_password": "That is not your current password.",
        "incorrect_code": "That is not the code. Check it, or have a new one sent.",
        "too_many_login_attempts": "Too many attempts. Wait five minutes, or have a link sent to set a new password.",
        "rate_limited": "Too many attempts. Wait a minute, then try again.",
        "email_taken": "That address cannot be used. Choose another.",
        "same_as_current": "That is your address already.",
        "duplicate_email": "That is your address already.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return signup.is_open(request)

    def is_safe_url(self, url: str) -> bool:
        """Pages of the console alone: other hosts are not ours, and under /api/ webtasks speak, which anybody writes."""
        return onward.is_page(url)

    def get_reset_password_from_key_url(self, key: str) -> str:
        # Never by the request's Host: it is whatever the client says, and the letter goes to somebody else.
        named = {"uidb36": "UID", "key": "KEY"}
        path = reverse("account_reset_password_from_key", kwargs=named).replace("UID-KEY", key)
        return f"{settings.CONSOLE_ORIGIN}{path}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        super().send_mail(template_prefix, email, {**context, "origin": settings.CONSOLE_ORIGIN})

    def set_password(self, user: User, password: str) -> None:
        people.set_password(user, password, actor=people.actor_of(context.request, user))

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        user = email_address.user
        was_guest = user.is_guest
        records = get_authentication_records(request, user)
        used = [(one["provider"], one["uid"]) for one in records if one["method"] == "socialaccount"]
        with transaction.atomic():
            proved = bool(super().confirm_email(request, email_address))
            if proved:
                people.prove(request, email_address, used=used)
            if proved and was_guest:
                keeping.finish(request, user)
        return proved

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        # Also where the pages to sign in send whoever is signed in already.
        if isinstance(request.user, User) and request.user.is_guest:
            return reverse("keep")
        if isinstance(request.user, User) and request.user.holds_id:
            return reverse("landing")
        return str(super().get_login_redirect_url(request))

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if user.email:
            familiar.remember(response, user.email)
        return response

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # Without the host, which the client chooses: one count for each account.
        email = str(credentials.get("email", "")).lower()
        return f"{email} {familiar.name_of(request, email)}".strip()

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        # After a new password: for this browser, and for those that are not known.
        super()._delete_login_attempts_cached_email(request, **credentials)
        ratelimit.clear(
            request, app="allauth.account", action="login_failed", key=str(credentials["email"]).lower()
        )
