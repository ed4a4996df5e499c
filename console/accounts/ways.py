"""The ways in to an account. The last one cannot be taken away by its owner's own hand."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings

from console.accounts.models import User


def ways_in(user: User) -> list[Any]:
    """The person themselves for their password, passkeys, accounts at providers: each opens the account by itself, or
    together with a code. A letter is none: it needs the mailbox."""
    return [
        *([user] if user.has_usable_password() else []),
        *passkeys(user),
        *SocialAccount.objects.filter(user=user, provider__in=configured()),
    ]


def passkeys(user: User) -> list[Authenticator]:
    """Those that need no password. Some browsers do not tell; then it was asked for, and is taken for one."""
    kept = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)
    return [one for one in kept if one.wrap().is_passwordless is not False]


def is_last(way: Authenticator | SocialAccount) -> bool:
    return ways_in(way.user) == [way]


def configured() -> list[str]:
    """The ids of the providers that people can come by."""
    return [
        app.get("provider_id") or provider
        for provider, entry in settings.SOCIALACCOUNT_PROVIDERS.items()
        for app in entry["APPS"]
    ]
