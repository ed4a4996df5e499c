"""Times as people say them; the same words as frontend/src/lib/format.ts."""

from datetime import datetime

from django import template
from django.utils import timezone

register = template.Library()

UNITS = (("min", 60, 3_570), ("hour", 3_600, 84_600), ("day", 86_400, 30 * 86_400))


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
