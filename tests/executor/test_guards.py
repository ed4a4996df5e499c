"""Guards by signature, on the real stack: what a sender has signed comes in, and nothing else reaches the code."""

import socket
import time

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.executor.guarded import Guarded, refused
from tests.senders import OTHERS, SECRETS, signed
from tests.stack import Member, ended
from tests.tail import line_with, watch

KINDS = sorted(SECRETS)
BODY = b'{"event": "paid", "bytes": "\xff\x00"}'
# GitHub signs no time.
TIMED = [kind for kind in KINDS if kind != "github"]


@pytest.fixture(scope="module")
def hooks(owner: Member) -> dict[str, Guarded]:
    """One for each kind of sender."""
    made = {}
    for kind in KINDS:
        made[kind] = hook = Guarded(owner, f"hook-{kind}")
        hook.keep(SIGNING=SECRETS[kind])
        hook.guard(kind, "SIGNING")
    return made


@pytest.mark.parametrize("kind", KINDS)
def test_only_what_the_sender_signed_reaches_the_code(hooks, kind):
    hook = hooks[kind]
    headers = signed(kind, BODY)
    answer = hook.send("good", BODY, **headers)
    assert answer.status_code == 200, answer.text
    assert answer.json()["body"].encode("latin-1") == BODY

    assert "missing" in refused(hook.send("missing", BODY), 401)
    name = max(headers, key=lambda name: "sign" in name.lower())
    assert name in refused(hook.send("malformed", BODY, **{**headers, name: "nonsense"}), 401)
    assert "no signature matches" in refused(hook.send("tampered", BODY + b" ", **headers), 403)
    forged = signed(kind, b"1", secret=OTHERS[kind])
    assert "no signature matches" in refused(hook.send("forged", b"1", **forged), 403)
    assert "came before" in refused(hook.send("replayed", BODY, **headers), 403)
    for method in ("GET", "HEAD", "OPTIONS", "PUT"):
        assert hook.send("unsigned", method=method).status_code == 401
    assert hook.ran(**signed(kind, b"")) == ["good", "last"]


@pytest.mark.parametrize("kind", TIMED)
def test_an_old_signature_and_one_of_the_future_are_too_far_off(hooks, kind):
    hook, now = hooks[kind], time.time()
    for off, said in ((-400, "too long ago"), (400, "too long in the future")):
        body = f"{off}".encode()
        assert said in refused(hook.send("far", body, **signed(kind, body, at=now + off)), 403)
    for off in (-200, 200):
        body = f"{off}".encode()
        assert hook.send("near", body, **signed(kind, body, at=now + off)).status_code == 200


def test_the_tolerance_is_the_teams_to_set(owner):
    hook = Guarded(owner, "hook-strict")
    hook.keep(SIGNING=SECRETS["slack"])
    hook.guard("slack", "SIGNING", tolerance=60)
    headers = signed("slack", BODY, at=time.time() - 100)
    assert "60 s are allowed" in refused(hook.send("old", BODY, **headers), 403)
    hook.guard("slack", "SIGNING", tolerance=1000)
    assert hook.send("old", BODY, **headers).status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_while_a_secret_is_changed_both_are_good(hooks, kind):
    hook = hooks[kind]
    hook.keep(NEXT=OTHERS[kind])
    hook.guard(kind, "SIGNING", "NEXT")
    for number, secret in enumerate((SECRETS[kind], OTHERS[kind])):
        body = b"both %d" % number
        assert hook.send("both", body, **signed(kind, body, secret=secret)).status_code == 200
    hook.guard(kind, "SIGNING")
    refused(hook.send("dropped", b"x", **signed(kind, b"x", secret=OTHERS[kind])), 403)


@pytest.mark.parametrize(
    ("kind", "name", "between"),
    [("stripe", "Stripe-Signature", ","), ("standard-webhooks", "webhook-signature", " ")],
)
def test_what_two_secrets_signed_comes_in_once_whichever_of_them_is_shown(owner, kind, name, between):
    """Who has read a request may leave out signatures, or put them in another order."""
    hook = Guarded(owner, f"twice-{kind}")
    hook.keep(SIGNING=SECRETS[kind], NEXT=OTHERS[kind])
    hook.guard(kind, "SIGNING", "NEXT")
    at = time.time()
    mine = signed(kind, BODY, at=at)
    first, second = mine[name], signed(kind, BODY, secret=OTHERS[kind], at=at)[name]
    own = second.partition(between)[2] if kind == "stripe" else second
    assert hook.send("both", BODY, **{**mine, name: f"{first}{between}{own}"}).status_code == 200
    for shown in (f"{first}{between}{own}", first, second):
        assert "came before" in refused(hook.send("replayed", BODY, **{**mine, name: shown}), 403)
    # Nor when one of the two is taken away meanwhile.
    hook.guard(kind, "NEXT")
    assert "came before" in refused(hook.send("replayed", BODY, **{**mine, name: second}), 403)
    assert hook.ran(**signed(kind, b"", secret=OTHERS[kind])) == ["both", "last"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_failed_may_be_sent_again(hooks, kind):
    hook = hooks[kind]
    headers = signed(kind, b"again")
    for _ in range(2):
        assert hook.send("fails", b"again", **headers).status_code == 500
    assert hook.send("works", b"again", **headers).status_code == 200
    refused(hook.send("works", b"again", **headers), 403)


def test_a_body_that_comes_in_chunks_is_checked_whole(hooks):
    hook = hooks["github"]
    body = bytes(range(256)) * 8192

    def pieces(tail: bytes = b""):
        yield from (body[at : at + 70_000] for at in range(0, len(body), 70_000))
        yield tail

    headers = {"x-case": "chunks", **signed("github", body)}
    refused(httpx.post(hook.url, content=pieces(b"x"), headers=headers), 403)
    answer = httpx.post(hook.url, content=pieces(), headers=headers)
    assert answer.json()["body"].encode("latin-1") == body


def test_a_body_over_the_limit_is_not_held(owner):
    hook = Guarded(owner, "hook-small")
    hook.keep(SIGNING=SECRETS["github"])
    hook.api("PATCH", "limits", json={"body_bytes": 100_000})
    hook.guard("github", "SIGNING")
    large = b"x" * 100_001
    assert "100,000" in refused(hook.send("large", large, **signed("github", large)), 413)
    unannounced = (large[at : at + 10_000] for at in range(0, len(large), 10_000))
    answer = httpx.post(hook.url, content=unannounced, headers=signed("github", large))
    refused(answer, 413)
    fits = large[:100_000]
    assert hook.send("fits", fits, **signed("github", fits)).status_code == 200


def test_a_body_that_does_not_come_is_not_waited_for(owner):
    hook = Guarded(owner, "hook-slow")
    hook.keep(SIGNING=SECRETS["github"])
    hook.api("PATCH", "limits", json={"wall_ms": 300})
    hook.guard("github", "SIGNING")
    with socket.create_connection(("127.0.0.1", owner.stack.port)) as client:
        client.settimeout(20)
        lines = [f"{name}: {value}" for name, value in signed("github", BODY).items()]
        head = [f"POST /api/run/acme/hook-slow HTTP/1.1\r\nHost: localhost:{owner.stack.port}", *lines]
        client.sendall("\r\n".join([*head, "Expect: 100-continue\r\nContent-Length: 10\r\n\r\n"]).encode())
        assert client.recv(100).startswith(b"HTTP/1.1 100 ")
        client.sendall(b"half")
        heard = b"".join(iter(lambda: client.recv(4096), b""))
    assert heard.startswith(b"HTTP/1.1 408 ")


def test_a_header_that_comes_twice_is_no_signature(hooks):
    hook = hooks["github"]
    headers = [*signed("github", BODY).items(), *signed("github", BODY, secret="other").items()]
    answer = httpx.post(hook.url, content=BODY, headers=headers)
    assert "more than once" in refused(answer, 401)


def test_a_websocket_must_be_signed_too(hooks):
    hook = hooks["slack"]
    with pytest.raises(InvalidStatus) as refusal, connect(hook.url.replace("http", "ws", 1)):
        pass
    assert refusal.value.response.status_code == 401


def test_what_is_not_waited_for_is_checked_when_it_is_accepted(hooks):
    hook = hooks["stripe"]
    headers = signed("stripe", b"later")
    later = {"prefer": "respond-async"}
    refused(hook.send("later", b"later", **later), 401)
    refused(hook.send("later", b"other", **headers, **later), 403)
    accepted = hook.send("later", b"later", **headers, **later)
    assert accepted.status_code == 202, accepted.text
    refused(hook.send("later", b"later", **headers, **later), 403)
    told = ended(accepted.json()["status_url"])
    assert (told["state"], told["status"]) == ("done", 200), "its signature is not asked for again"


def test_a_run_from_the_console_needs_no_signature(hooks):
    for draft in (False, True):
        hook = hooks["slack"]
        if draft:
            hook.owner.save(hook.name, "module.exports = cb => cb(null, 'draft')")
        told = hook.api("POST", "run", json={})
        assert (told["status"], told["label"]) == (200, "draft" if draft else "v1")
    etag = hook.owner.api("GET", f"/{hook.name}").json()["draft"]["etag"]
    discarded = hook.owner.api("DELETE", f"/{hook.name}/draft", headers={"if-match": f'"{etag}"'})
    assert discarded.status_code == 204


def test_the_team_reads_why_it_was_refused_and_no_more_than_that(hooks):
    hook = hooks["standard-webhooks"]
    with watch(hook.owner, f"webtask:acme/{hook.name}", since=0) as log:
        for _ in range(3):
            refused(hook.send("odd", b"odd", **signed("standard-webhooks", b"even")), 403)
        line = line_with(log, "no signature matches")
    assert line["level"] == "warn"
    assert SECRETS["standard-webhooks"] not in line["text"]


def test_the_key_of_a_token_opens_nothing_that_wants_a_signature(hooks, stack):
    hook = hooks["github"]
    refused(hook.send("token", authorization=f"Bearer {stack.token}"), 401)
