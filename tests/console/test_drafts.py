"""Nobody's keystrokes are lost: every save names the state it replaces."""

import pytest

from console.accounts.roles import Role
from executor.contract import Limits


@pytest.fixture
def bob(people):
    return people.bob(Role.DEVELOPER)


def test_without_a_draft_the_live_code_is_shown(alice, hello):
    draft = alice.get("/hello").json()["draft"]
    assert draft == {
        "code": "module.exports = cb => cb(null, 1)",
        "files": {},
        "base": 1,
        "etag": "",
        "saved_at": None,
    }


def test_a_saved_draft_is_ones_own(alice, bob, hello):
    saved = alice.save("hello", "mine", base=1)
    assert saved.status_code == 200
    assert saved["ETag"] == f'"{saved.json()["etag"]}"'
    assert alice.get("/hello").json()["draft"] == saved.json()
    assert bob.get("/hello").json()["draft"]["code"] != "mine"


def test_saving_over_the_state_one_saw_succeeds(alice, hello):
    first = alice.save("hello", "one", base=1).json()
    second = alice.save("hello", "two", base=1, etag=first["etag"])
    assert second.status_code == 200
    assert second.json()["etag"] != first["etag"]


def test_a_save_from_an_older_tab_is_refused_and_shows_what_is_there(alice, hello):
    first = alice.save("hello", "one", base=1).json()
    second = alice.save("hello", "two", base=1, etag=first["etag"]).json()
    refused = alice.save("hello", "lost?", base=1, etag=first["etag"])
    assert refused.status_code == 412
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["id"] == "stale"
    assert refused.json()["current"] == second
    assert alice.get("/hello").json()["draft"]["code"] == "two"


def test_a_first_save_does_not_overwrite_a_draft_one_has_not_seen(alice, hello):
    alice.save("hello", "one", base=1)
    assert alice.save("hello", "two", base=1).status_code == 412


def test_a_save_over_a_draft_that_is_gone_is_refused(alice, hello):
    etag = alice.save("hello", "one", base=1).json()["etag"]
    assert alice.discard("hello", etag=etag).status_code == 204
    refused = alice.save("hello", "two", base=1, etag=etag)
    assert refused.status_code == 412
    assert refused.json()["current"]["etag"] == ""


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 428),
        ({"if_match": "unquoted"}, 400),
        ({"if_match": "*"}, 400),
        ({"if_none_match": '"etag"'}, 400),
        ({"if_match": '"a"', "if_none_match": "*"}, 400),
    ],
)
def test_a_save_must_say_what_it_replaces(alice, hello, headers, status):
    assert alice.put("/hello/draft", {"code": "x", "base": 1}, **headers).status_code == status
    assert alice.delete("/hello/draft", **headers).status_code == status


def test_discarding_shows_the_live_code_again(alice, hello):
    etag = alice.save("hello", "mine", base=1).json()["etag"]
    assert alice.discard("hello", etag=etag).status_code == 204
    assert alice.get("/hello").json()["draft"]["saved_at"] is None


def test_what_was_saved_from_elsewhere_is_not_discarded_unread(alice, hello):
    first = alice.save("hello", "one", base=1).json()
    second = alice.save("hello", "two", base=1, etag=first["etag"]).json()
    for etag in (first["etag"], ""):
        refused = alice.discard("hello", etag=etag)
        assert (refused.status_code, refused.json()["id"]) == (412, "stale")
        assert refused.json()["current"] == second
    assert alice.get("/hello").json()["draft"] == second


def test_to_discard_what_is_gone_already_is_told_unless_one_knows(alice, hello):
    etag = alice.save("hello", "one", base=1).json()["etag"]
    assert alice.discard("hello", etag=etag).status_code == 204
    assert (
        alice.discard("hello", etag=etag).json()["current"]["code"]
        == alice.get("/hello").json()["draft"]["code"]
    )
    assert alice.discard("hello").status_code == 204


def test_a_draft_is_discarded_by_whose_it_is_alone(alice, bob, charlie, hello):
    etag = alice.save("hello", "mine", base=1).json()["etag"]
    assert bob.discard("hello", etag=etag).status_code == 412
    assert bob.discard("hello").status_code == 204
    assert charlie.discard("hello", etag=etag).status_code == 404
    assert alice.get("/hello").json()["draft"]["etag"] == etag


def test_a_base_that_was_never_published_is_refused(alice, hello):
    refused = alice.save("hello", "x", base=7)
    assert refused.status_code == 400
    assert refused.json()["field"] == "base"


def test_code_over_the_limit_is_refused_with_both_sizes(alice, hello):
    refused = alice.save("hello", "é" * (Limits().code_bytes // 2 + 1), base=1)
    assert refused.status_code == 413
    assert "1,048,578" in refused.json()["detail"]
    assert "1,048,576" in refused.json()["detail"]


def test_code_at_the_limit_is_saved(alice, hello):
    assert alice.save("hello", "x" * Limits().code_bytes, base=1).status_code == 200


def test_code_keeps_its_spaces_and_may_be_empty(alice, hello):
    saved = alice.save("hello", "  x \r\n\t", base=1).json()
    assert saved["code"] == "  x \r\n\t"
    assert alice.save("hello", "", base=1, etag=saved["etag"]).json()["code"] == ""


def test_half_a_surrogate_pair_is_not_text(alice, hello):
    refused = alice.client.put(
        "/api/teams/acme/webtasks/hello/draft",
        b'{"code": "\\ud800", "base": 1}',
        content_type="application/json",
        headers={"if-none-match": "*"},
    )
    assert refused.status_code == 400
    assert refused.json()["id"] == "invalid"
