"""Tallies as executors send them, and what the console makes of them."""

import time

import pytest

from console.webtasks.models import Tally, Webtask


def tally(*, ago=0.0, **change):
    """Of requests that ended `ago` seconds before now."""
    base = {"team": "acme", "webtask": "hello", "label": "v1", "seconds": 10.0, "requests": 10, "thinned": 0}
    figures = {"statuses": {"2xx": 10}, "ms_sum": 20.0, "ms_max": 3.5, "spread": {"1.12": 5, "3.98": 5}}
    return {**base, **figures, "time": (time.time() - ago) * 1000, **change}


def metrics(person, query=""):
    return person.get(f"/hello/metrics{query}").json()


def test_a_tally_is_stored_once(store):
    stored = store(1, tallies=[tally()])
    assert stored.webtasks == {Webtask.objects.get().pk}
    store(1, tallies=[tally()])
    kept = Tally.objects.get()
    assert (kept.requests, kept.seconds, kept.spread) == (10, 10.0, {"1.12": 5, "3.98": 5})


@pytest.mark.parametrize(
    "change",
    [
        {"team": "nowhere"},
        {"requests": "x"},
        {"ms_sum": float("inf")},
        {"statuses": 3},
        {"statuses": [1, 2]},
        {"spread": {"x": 1}},
        {"spread": {"nan": 1}},
        {"spread": {str(bound): 1 for bound in range(1000)}},
        {"time": None},
    ],
)
def test_a_tally_that_cannot_be_stored_costs_only_itself(store, change):
    store(tallies=[tally(requests=1), tally(**change), tally(requests=2)])
    assert list(Tally.objects.order_by("id").values_list("requests", flat=True)) == [1, 2]


def test_nothing_of_a_tally_overflows_its_column(store):
    huge = {"\ud800" * 9: 10**30}
    store(
        tallies=[tally(requests=10**30, thinned=-1, statuses=huge, spread={"1e300": 10**30}, label="l" * 99)]
    )
    kept = Tally.objects.get()
    assert (kept.requests, kept.thinned, len(kept.label)) == (2**31 - 1, 0, 16)


def test_minutes_are_added_up_over_executors_and_versions(alice, store):
    minute = time.time() // 60 * 60
    before = time.time() - minute + 30  # half a minute before this one began
    store(
        tallies=[
            tally(ago=before, statuses={"2xx": 9, "5xx": 1}),
            tally(ago=before, label="v2", requests=30, thinned=20, statuses={"2xx": 30}, spread={"1.12": 30}),
            tally(ago=before - 30, requests=1, statuses={"4xx": 1}, spread={"0.1": 1}, ms_max=0.05),
        ]
    )
    answer = metrics(alice)
    first, second = answer["minutes"]
    assert (first["requests"], first["thinned"], first["statuses"]) == (40, 20, {"2xx": 39, "5xx": 1})
    assert (first["error_share"], first["p50_ms"], first["p99_ms"], first["mean_ms"]) == (
        0.025,
        1.12,
        3.5,
        1.0,
    )
    assert (second["requests"], second["error_share"], second["p99_ms"]) == (1, 0.0, 0.05)
    assert answer["total"]["requests"] == 41


def test_only_the_minutes_asked_for(alice, store):
    store(tallies=[tally(ago=600, requests=5), tally()])
    assert metrics(alice, "?minutes=5")["total"]["requests"] == 10
    assert metrics(alice, "?minutes=20")["total"]["requests"] == 15
    for wrong in (0, 1441, "x"):
        assert alice.get(f"/hello/metrics?minutes={wrong}").status_code == 400


def test_no_requests_took_no_time(alice, hello):
    answer = metrics(alice)
    assert answer["minutes"] == []
    total = answer["total"]
    assert (total["requests"], total["error_share"], total["p50_ms"], total["max_ms"]) == (0, 0.0, None, None)


def test_another_webtasks_requests_and_ad_hoc_ones_do_not_count(alice, store):
    alice.post("", {"name": "other"})
    store(tallies=[tally(webtask="other"), tally(webtask=None, label="adhoc")])
    assert Tally.objects.count() == 2
    assert metrics(alice)["total"]["requests"] == 0


def test_a_day_is_read_by_index(alice, store):
    store(tallies=[tally()])
    rows = Tally.objects.filter(webtask=Webtask.objects.get(), time__gte="2020-01-01T00:00Z").order_by("time")
    assert "tallies_by_time" in rows.explain()
