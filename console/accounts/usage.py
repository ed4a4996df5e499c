"""When a token was last shown, to the minute: one write in so long, however busy it is."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from console.accounts.models import Token

_EVERY = timedelta(minutes=1)


def used(token: Token) -> None:
    """Executors ask for a webtask token's leave twice a minute at most, so no run waits for this."""
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at < now - _EVERY:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - _EVERY)
        Token.objects.filter(stale, pk=token.pk).update(last_used_at=now)
