"""What django-allauth asks about passkeys, codes and recovery codes."""

import base64
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings

from console.accounts import vault
from console.accounts.models import User

PLACE = "authenticator"


class Factors(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "That is not a code that works now. A code works once, for half a minute.",
    }

    def encrypt(self, text: str) -> str:
        """Seeds of codes: with the database alone nobody can make any."""
        return base64.b64encode(vault.seal(text, PLACE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return vault.unseal(base64.b64decode(encrypted_text), PLACE)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        # Not by the request's Host, which the client chooses.
        return {"id": settings.CONSOLE_HOST, "name": "Webtasks"}

    def generate_authenticator_name(self, user: User, type: Any) -> str:  # noqa: A002 - its name
        count = Authenticator.objects.filter(user=user, type=type).count()
        return f"Passkey {count + 1}" if count else "Passkey"
