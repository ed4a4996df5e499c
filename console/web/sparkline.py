"""A day's requests as a picture of 24 bars, drawn by the server: no script, and nothing to load."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from console.webtasks.overview import HOURS, Day

WIDTH, HEIGHT = 96, 24
_STEP = WIDTH // HOURS


def sparkline(day: Day) -> SafeString:
    """An hour with requests is a pixel high at least; those that failed stand at the foot of its bar."""
    highest = max(day.requests)
    bars = []
    for hour, (requests, failed) in enumerate(zip(day.requests, day.failed, strict=True)):
        for count, look in ((requests, "all"), (failed, "failed")):
            if count:
                height = max(1.0, round(count / highest * HEIGHT, 1))
                bars.append((look, hour * _STEP, HEIGHT - height, _STEP - 1, height))
    drawn = format_html_join("", '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>', bars)
    failed_in_all = sum(day.failed)
    told = f"{day.total:,} request{'' if day.total == 1 else 's'} in 24 hours, {failed_in_all:,} failed"
    return format_html(
        '<svg class="wt-spark" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">{}</svg>',
        *(WIDTH, HEIGHT, WIDTH, HEIGHT, told, drawn),
    )
