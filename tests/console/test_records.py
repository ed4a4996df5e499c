"""What executors report is stored once, in order, whatever user code put into it."""

import time

import pytest

from console.webtasks import executors, records
from console.webtasks.models import EgressCall, Invocation, LogLine, SecurityEvent, Webtask


def line(text="hi", **change):
    base = {"team": "acme", "webtask": "hello", "label": "v1", "invocation": "i1", "level": "info"}
    return {**base, "time": time.time() * 1000, "text": text, **change}


def invocation(name="i1", **change):
    base = {"team": "acme", "webtask": "hello", "label": "v1", "method": "GET", "path": "/", "status": 200}
    return {"id": name, **base, "ms": 1.5, "time": time.time() * 1000, "source": "webtask", **change}


def call(host="api.example.com", **change):
    base = {"team": "acme", "webtask": "hello", "label": "v1", "invocation": "i1", "port": 443, "ms": 12.5}
    traffic = {"address": "93.184.216.34", "sent": 100, "received": 2000, "verdict": "allowed"}
    return {**base, **traffic, "host": host, "time": time.time() * 1000, **change}


def event(what="ptrace", **change):
    base = {"team": "acme", "webtask": "hello", "label": "v1", "invocation": "i1", "kind": "syscall"}
    return {**base, "time": time.time() * 1000, "what": what, "text": f"killed: {what}", **change}


def texts():
    return list(LogLine.objects.order_by("id").values_list("text", flat=True))


def test_lines_and_invocations_are_stored_in_order(store):
    stored = store(lines=[line("a"), line("b")], invocations=[invocation()])
    assert texts() == ["a", "b"]
    assert Invocation.objects.get().invocation == "i1"
    assert stored.webtasks == {Webtask.objects.get().pk}


def test_a_batch_sent_again_is_stored_once(store):
    store(1, [line("a")], [invocation()])
    store(1, [line("a")], [invocation()])
    assert (texts(), Invocation.objects.count()) == (["a"], 1)


def test_an_older_batch_is_not_stored_after_a_newer(store):
    store(2, [line("b")])
    store(1, [line("a")])
    assert texts() == ["b"]


def test_calls_to_other_hosts_and_security_events_are_stored_once(store):
    stored = store(1, egress=[call()], events=[event()])
    assert (stored.webtasks, stored.events) == ({Webtask.objects.get().pk}, True)
    store(1, egress=[call()], events=[event()])
    kept, happened = EgressCall.objects.get(), SecurityEvent.objects.get()
    assert (kept.host, kept.port, kept.sent, kept.received) == ("api.example.com", 443, 100, 2000)
    assert (happened.executor, happened.kind, happened.what) == ("node-1", "syscall", "ptrace")


def test_what_a_guest_made_of_a_call_costs_only_itself_and_overflows_nothing(store):
    long = "x" * 5000
    bad = [call(port="x"), call(sent=None), call(ms=float("inf")), call(team="nowhere")]
    good = call(long, verdict=long, address=long, invocation=long, port=10**9, sent=10**30, received=-1)
    store(egress=[*bad, good], events=[event(long, kind=long, text="\x00\ud800" + long * 9), {}])
    kept = EgressCall.objects.get()
    assert (kept.port, kept.received, len(kept.verdict)) == (65_535, 0, 200)
    assert len(SecurityEvent.objects.get().kind) == 16


def test_the_calls_of_an_invocation(alice, store):
    store(egress=[call("one", invocation="i1"), call("two", invocation="i2"), call("three", invocation="i1")])
    found = alice.get("/hello/egress?invocation=i1").json()
    assert [entry["host"] for entry in found] == ["three", "one"]
    assert [entry["host"] for entry in alice.get("/hello/egress?limit=1").json()] == ["three"]
    rest = alice.get(f"/hello/egress?before={found[0]['id']}").json()
    assert [entry["host"] for entry in rest] == ["two", "one"]


def test_a_new_boot_counts_from_the_start(store):
    store(5, [line("a")])
    assert executors.arrive("node-1", "boot-2", {}) == 0
    store(1, [line("b")], boot="boot-2")
    assert texts() == ["a", "b"]


def test_the_same_boot_goes_on_where_it_was(store):
    store(5, [line("a")])
    executors.leave("node-1", "boot-1")
    assert executors.arrive("node-1", "boot-1", {}) == 5


def test_a_link_left_over_from_an_older_boot_stores_nothing(store):
    executors.arrive("node-1", "boot-2", {})
    store(9, [line("late")], boot="boot-1")
    assert texts() == []


def test_ad_hoc_lines_belong_to_the_team(store):
    store(lines=[line("a", webtask=None, label="adhoc")])
    kept = LogLine.objects.get()
    assert (kept.team.slug, kept.webtask) == ("acme", None)


@pytest.mark.parametrize(
    "change",
    [
        {"team": "nowhere"},
        {"webtask": "gone"},
        {"time": float("nan")},
        {"time": float("inf")},
        {"time": 1e300},
        {"time": None},
        {"time": "x"},
    ],
)
def test_a_line_that_cannot_be_stored_costs_only_itself(store, change):
    """A batch refused whole would be sent again for ever."""
    store(lines=[line("before"), line("bad", **change), line("after")])
    assert texts() == ["before", "after"]


def test_an_invocation_that_cannot_be_stored_costs_only_itself(store):
    store(invocations=[invocation("a", ms=float("nan")), invocation("b")])
    assert Invocation.objects.get().invocation == "b"


@pytest.mark.parametrize("text", ["\ud800", "a\x00b", "\udfff" * 9])
def test_text_that_no_database_takes_is_made_storable(store, text):
    store(lines=[line(text, path=text)], invocations=[invocation(path=text)])
    assert len(texts()) == 1
    Invocation.objects.get().path.encode()


def test_nothing_overflows_its_column(store):
    store(
        lines=[line("x" * 100_000, label="l" * 99, invocation="i" * 99, level="shout")],
        invocations=[invocation("i" * 99, status=99_999, method="M" * 99, label="l" * 99)],
    )
    kept = LogLine.objects.get()
    assert (len(kept.text), len(kept.label), kept.level) == (records.MAX_TEXT, 16, "info")
    assert Invocation.objects.get().status == records.MAX_STATUS


def test_a_line_from_the_future_is_from_now(store):
    """It would never grow old enough to be pruned."""
    store(lines=[line(time=(time.time() + 10**6) * 1000)])
    assert LogLine.objects.get().time.timestamp() <= time.time()


def test_the_api_reads_them_in_pages(alice, store):
    store(lines=[line(str(number)) for number in range(5)])
    first = alice.get("/hello/logs?limit=3").json()
    assert [entry["text"] for entry in first["lines"]] == ["0", "1", "2"]
    assert first["more"] is True
    rest = alice.get(f"/hello/logs?after={first['lines'][-1]['seq']}").json()
    assert [entry["text"] for entry in rest["lines"]] == ["3", "4"]
    assert rest["more"] is False
