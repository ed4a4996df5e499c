"""Times and names as people say them; times in the same words as frontend/src/lib/format.ts."""

from datetime import datetime

from django import template
from django.utils import timezone

register = template.Library()

UNITS = (("min", 60, 3_570), ("hour", 3_600, 84_600), ("day", 86_400, 30 * 86_400))


@register.filter
def left(until: datetime | str) -> str:
    """“another 23 hours”, for when something ends."""
    moment = datetime.fromisoformat(until) if isinstance(until, str) else until
    seconds = (moment - timezone.now()).total_seconds()
    size, unit = (3_600, "hour") if seconds >= 3_570 else (60, "minute")
    count = max(1, round(seconds / size))
    return f"another {f'{count} {unit}s' if count > 1 else unit}"


@register.filter
def ago(moment: datetime) -> str:
    seconds = (timezone.now() - moment).total_seconds()
    if seconds < 45:
        return "just now"
    for unit, size, limit in UNITS:
        if seconds < limit:
            count = max(1, round(seconds / size))
            return f"{count} {unit}{'' if count == 1 or unit == 'min' else 's'} ago"
    return f"{moment:%d %b %Y}"


@register.filter
def some(noun: str) -> str:
    """“an operator”, of the label of a role."""
    word = noun.lower()
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"
