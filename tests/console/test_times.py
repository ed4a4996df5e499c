"""When a cron expression comes due, above all where the clocks change."""

from datetime import datetime

import pytest

from console.problems import Invalid
from console.schedules import times


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("cron", "tz", "after", "expected"),
    [
        # Oslo's clocks go from 02:00 to 03:00 on 29 March 2026, and from 03:00 back to 02:00 on 25 October.
        ("30 2 * * *", "Europe/Oslo", "2026-03-28T12:00Z", ["2026-03-29T01:00Z", "2026-03-30T00:30Z"]),
        ("30 2 * * *", "Europe/Oslo", "2026-10-24T12:00Z", ["2026-10-25T00:30Z", "2026-10-26T01:30Z"]),
        ("0 * * * *", "Europe/Oslo", "2026-03-29T00:30Z", ["2026-03-29T01:00Z", "2026-03-29T02:00Z"]),
        ("0 * * * *", "Europe/Oslo", "2026-10-24T23:30Z", ["2026-10-25T00:00Z", "2026-10-25T01:00Z"]),
        ("0 3 * * *", "Europe/Oslo", "2026-03-28T12:00Z", ["2026-03-29T01:00Z", "2026-03-30T01:00Z"]),
        ("30 1 * * *", "America/New_York", "2026-11-01T00:00Z", ["2026-11-01T05:30Z", "2026-11-02T06:30Z"]),
        # Half an hour of daylight saving: Lord Howe's 02:00 becomes 02:30 on 4 October 2026.
        ("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00Z", ["2026-10-03T15:30Z", "2026-10-04T15:15Z"]),
        ("3-59/5 * * * *", "UTC", "2026-01-01T00:00Z", ["2026-01-01T00:03Z", "2026-01-01T00:08Z"]),
        ("0 0 29 2 *", "UTC", "2026-01-01T00:00Z", ["2028-02-29T00:00Z", "2032-02-29T00:00Z"]),
        ("0 9 * * MON", "Asia/Kolkata", "2026-01-01T00:00Z", ["2026-01-05T03:30Z", "2026-01-12T03:30Z"]),
    ],
)  # fmt: skip
def test_times_are_those_of_the_zones_clocks(cron, tz, after, expected):
    found = times.upcoming(cron, tz, at(after), len(expected))
    assert found == [at(moment) for moment in expected]


@pytest.mark.parametrize(
    "cron", ["", "* * * *", "* * * * * *", "@daily", "60 * * * *", "0 0 30 2 *", "x * * * *", "*/0 * * * *", "5m"]
)  # fmt: skip
def test_what_is_no_cron_expression_is_refused(alice, hello, cron):
    made = alice.post("/hello/schedules", {"schedule": cron or " "})
    assert made.status_code == 400, made.content
    with pytest.raises(Invalid):
        times.check(cron, "UTC")


@pytest.mark.parametrize("tz", ["Mars/Olympus", "../../etc/passwd", "europe/oslo ", "\0"])
def test_what_is_no_zone_is_refused(alice, hello, tz):
    assert alice.post("/hello/schedules", {"schedule": "* * * * *", "tz": tz}).status_code == 400
