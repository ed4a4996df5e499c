"""Codes from an app work once, whichever form takes them, and for as long as the code would be taken at all."""

from typing import Any

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.core.cache import cache

from console.accounts.models import User


def _use(user: User, code: str) -> None:
    """Raises ValidationError."""
    periods = 2 * app_settings.TOTP_TOLERANCE + 1
    key = f"totp:{user.pk}:{normalize_user_code(code)}"
    if not cache.add(key, 1, timeout=periods * app_settings.TOTP_PERIOD):
        raise get_adapter().validation_error("incorrect_code")


class _Once:
    user: User
    authenticator: Authenticator

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]  # of the forms that this stands before
        if self.authenticator.type == Authenticator.Type.TOTP:
            _use(self.user, code)
        return code


class Authenticate(_Once, AuthenticateForm):  # type: ignore[misc]
    pass


class Reauthenticate(_Once, ReauthenticateForm):  # type: ignore[misc]
    pass


class Activate(ActivateTOTPForm):  # type: ignore[misc]
    def clean_code(self) -> Any:
        code = super().clean_code()
        _use(self.user, code)
        return code
