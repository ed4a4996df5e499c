"""Passkeys are shown from the console's own pages.

A browser lets any page below our host name ask for them too, and where webtasks are served below it, as on `localhost`,
anybody writes such pages. So the origin that the browser names must be ours exactly.
"""

import json
from typing import Any

from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as theirs
from django.conf import settings
from django.core.exceptions import ValidationError
from fido2.utils import websafe_decode

from console.accounts.audit import changes
from console.accounts.people import note


def _origin_of(credential: Any) -> str:
    """As the browser signed it; empty when there is none to be read."""
    try:
        told = json.loads(websafe_decode(credential["response"]["clientDataJSON"]))
        return "" if told.get("crossOrigin") else str(told["origin"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return ""


class _FromHere:
    cleaned_data: dict[str, Any]

    def clean_credential(self) -> Any:
        credential = self.cleaned_data["credential"]
        if _origin_of(credential) != settings.CONSOLE_ORIGIN:
            raise ValidationError(f"A passkey only works on {settings.CONSOLE_ORIGIN}.")
        further: Any = getattr(super(), "clean_credential", None)
        return further() if further else credential


class Add(_FromHere, theirs.AddWebAuthnForm):  # type: ignore[misc]
    pass


class SignUp(_FromHere, theirs.SignupWebAuthnForm):  # type: ignore[misc]
    pass


class SignIn(_FromHere, theirs.LoginWebAuthnForm):  # type: ignore[misc]
    pass


class Authenticate(_FromHere, theirs.AuthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class Reauthenticate(_FromHere, theirs.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class Rename(theirs.EditWebAuthnForm):  # type: ignore[misc]
    """The library sends no signal for it."""

    def save(self) -> Authenticator:
        before = {"name": self.instance.wrap().name}
        renamed: Authenticator = super().save()
        told = changes(before, {"name": self.cleaned_data["name"]})
        note(context.request, renamed.user, "user.factor.rename", **told)
        return renamed
