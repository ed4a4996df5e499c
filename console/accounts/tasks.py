import time
from datetime import timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.utils import timezone
from oauth2_provider.models import clear_expired

from console.accounts import mail
from console.accounts.actions import drop_tokens
from console.accounts.audit import drop_older
from console.accounts.guests import drop_over
from console.accounts.invitations import drop_ended
from console.accounts.models import Remembered, Token
from console.accounts.people import drop_unproved
from console.accounts.sweep import sweep
from console.accounts.teams import SWEEP
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


@kind("accounts.drop-events", every=timedelta(days=1))
def drop_old_events() -> None:
    """Of the audit trail."""
    drop_older(timezone.now() - timedelta(days=settings.KEEP_AUDIT_DAYS))


@kind("accounts.end-logins", every=timedelta(days=1))
def end_logins() -> None:
    """The same for what people signed in for their clients."""
    clear_expired()


# The server may be away for a day: 2, 4, 8 … seconds and then every ten minutes.
kind(mail.JOB, lease=timedelta(minutes=2), attempts=150)(mail.deliver)


@kind("accounts.forget", every=timedelta(hours=1))
def forget() -> None:
    """What was to be remembered for a while only."""
    Remembered.objects.filter(until__lte=timezone.now()).delete()


@kind("accounts.end-unproved", every=timedelta(hours=1))
def end_unproved() -> None:
    """People who never proved their address: they could not do anything, and it may be somebody else's."""
    drop_unproved(timezone.now() - timedelta(days=1))


@kind("accounts.end-guests", every=timedelta(minutes=10))
def end_guests() -> None:
    """Whose time is over is refused anyway."""
    drop_over(timezone.now())


@kind("accounts.end-invitations", every=timedelta(days=1))
def end_invitations() -> None:
    drop_ended(timezone.now())


# Enqueued with each deletion; now and then anyway, in case a step was lost.
kind(SWEEP, every=timedelta(hours=1))(sweep)
