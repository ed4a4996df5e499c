import time
from datetime import timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from oauth2_provider.models import clear_expired

from console.accounts.actions import drop_tokens
from console.accounts.models import Token
from console.jobs.kinds import kind


@kind("accounts.end-sessions", every=timedelta(days=1))
def end_sessions() -> None:
    """Expired ones are refused anyway; their rows need not stay."""
    engine: Any = import_module(settings.SESSION_ENGINE)
    engine.SessionStore.clear_expired()


@kind("accounts.end-tokens", every=timedelta(hours=1))
def end_tokens() -> None:
    """Those whose time was over a day ago, which are refused anyway."""
    drop_tokens(Token.objects.filter(claims__exp__lt=int(time.time()) - 86_400))


@kind("accounts.end-logins", every=timedelta(days=1))
def end_logins() -> None:
    """The same for what people signed in for their clients."""
    clear_expired()
