"""Publishing and restoring, as callers of the URL see it."""

import threading

import httpx


def code(number: int) -> str:
    return f"module.exports = (ctx, cb) => setTimeout(() => cb(null, {{ number: {number} }}), 5)"


def slow(number: int) -> str:
    """So many callers keep more than one worker busy."""
    return f"module.exports = cb => {{ for (const end = Date.now() + 20; Date.now() < end;); cb(null, {number}); }}"


def test_what_publish_answered_is_what_the_url_serves_from_then_on(stack, owner):
    url = f"{stack.url}/api/run/acme/numbered"
    for number in range(1, 6):
        published = owner.publish("numbered", code(number))
        answer = httpx.get(url)
        assert answer.json() == {"number": number}
        assert answer.headers["x-wt-version"] == f"v{number}"
        assert published["confirmed"]
        assert published["unconfirmed"] == []


def test_publishing_fails_no_request_that_is_under_way(stack, owner):
    """Callers hammer the URL while ten versions go live; every one is answered, by some version."""
    owner.publish("busy", slow(0))
    url, stop = f"{stack.url}/api/run/acme/busy", threading.Event()
    seen: list[tuple[int, str]] = []

    def hammer() -> None:
        with httpx.Client(timeout=30) as client:
            while not stop.is_set():
                answer = client.get(url)
                seen.append((answer.status_code, answer.headers["x-wt-version"]))

    callers = [threading.Thread(target=hammer) for _ in range(12)]
    for caller in callers:
        caller.start()
    try:
        for number in range(1, 11):
            owner.publish("busy", slow(number))
    finally:
        stop.set()
        for caller in callers:
            caller.join()
    assert {status for status, _ in seen} == {200}
    assert len({version for _, version in seen}) > 1


def test_an_older_version_comes_back_as_a_new_one(stack, owner):
    owner.publish("undone", code(1), "first")
    owner.publish("undone", code(2), "second")
    restored = owner.api("POST", "/undone/versions/1/restore")
    assert restored.status_code == 201, restored.text
    assert httpx.get(f"{stack.url}/api/run/acme/undone").json() == {"number": 1}
    versions = owner.api("GET", "/undone/versions").json()
    assert [(one["number"], one["live"], one["restored_from"]) for one in versions] == [
        (3, True, 1),
        (2, False, None),
        (1, False, None),
    ]
    assert versions[0]["digest"] == versions[2]["digest"]


def test_a_hundred_first_requests_share_one_cold_start(limited):
    """Each process numbers its own answers: were there two, some number would come twice."""
    # A second worker that helps out would number its own as well.
    one = limited("let count = 0; module.exports = cb => cb(null, { count: ++count })", workers=1)
    barrier, counts = threading.Barrier(100), []

    def call() -> None:
        with httpx.Client(timeout=30) as client:
            barrier.wait()
            counts.append(client.get(one.url).json()["count"])

    callers = [threading.Thread(target=call) for _ in range(100)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert sorted(counts) == list(range(1, 101))


def test_siblings_share_no_process_and_one_tokens_snippets_do(stack, owner):
    counting = "global.count = (global.count || 0) + 1; const seen = global.count; module.exports = cb => cb(null, { seen })"
    owner.publish("sibling-a", counting)
    owner.publish("sibling-b", counting)
    for name in ("sibling-a", "sibling-b"):
        assert httpx.get(f"{stack.url}/api/run/acme/{name}").json() == {"seen": 1}
    first = stack.adhoc(counting + "// one").json()["seen"]
    assert stack.adhoc(counting + "// two").json()["seen"] == first + 1
