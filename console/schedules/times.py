"""When a cron expression comes due: five fields, read in a zone of the IANA database."""

from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError

from console.problems import Invalid

FIELDS = 5


def check(cron: str, tz: str) -> None:
    """Raises Invalid."""
    following(cron, tz, datetime.now(UTC))


def following(cron: str, tz: str, after: datetime) -> datetime:
    """The first time after `after`, in UTC. Raises Invalid."""
    return upcoming(cron, tz, after, 1)[0]


def upcoming(cron: str, tz: str, after: datetime, count: int) -> list[datetime]:
    """So many times after `after`, in UTC. Raises Invalid.

    A time that a change of clocks leaves out comes right after the gap; one that comes twice counts once, except
    where every hour is meant.
    """
    if tz not in _zones():
        raise Invalid(
            f"“{tz[:80]}” is no time zone of the IANA database, like Europe/Oslo or UTC.", field="tz"
        )
    if len(cron.split()) != FIELDS:
        raise Invalid(
            f"“{cron[:80]}” is no schedule: write the five fields minute, hour, day, month, weekday.",
            field="schedule",
        )
    try:
        found = list(islice(CronSim(cron, after.astimezone(ZoneInfo(tz))), count))
    except CronSimError as error:
        raise Invalid(f"“{cron[:80]}” is no schedule: {error}.", field="schedule") from None
    if not found:
        raise Invalid(f"“{cron[:80]}” never comes due.", field="schedule")
    return [moment.astimezone(UTC) for moment in found]


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
