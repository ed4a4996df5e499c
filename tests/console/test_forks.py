"""A fork is a new webtask with the text of another one, and with nothing that is only the other one's."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from console.accounts.actions import create_team
from console.accounts.audit import SYSTEM
from console.accounts.models import AuditEvent, Team
from console.accounts.roles import Role
from console.accounts.sentences import sentence
from console.modules.access import dependencies_of
from console.webtasks.content import Content
from console.webtasks.models import Draft, Webtask
from console.webtasks.steps import release
from tests.console.people import API, Person

pytestmark = pytest.mark.django_db
LIVE = "module.exports = cb => cb(null, 1)"


@pytest.fixture
def bob(people):
    return people.bob(Role.DEVELOPER)


def fork(person: Person, **body: Any) -> Any:
    return person.post("/hello/fork", {"name": "copy", **body})


def forked(person: Person, **body: Any) -> dict[str, Any]:
    answer = fork(person, **body)
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    return found


def shared(alice: Person, right: str) -> None:
    answer = alice.post("/hello/collaborators", {"email": "charlie@example.com", "rights": [right]})
    assert answer.status_code == 201, answer.content


def rich(**more: Any) -> Content:
    """With everything that a version can have."""
    return Content(
        code="module.exports = (ctx, cb) => cb()",
        files={"lib/x.js": "1"},
        meta={
            "wt-node-dependencies": '{"lodash": "4.17.21"}',
            "wt-compiler": "@webtask/middleware-compiler",
            "wt-middleware": '["https://elsewhere.example.com/secret-path.js"]',
            "colour": "red",
        },
        params={"greeting": "hi"},
        parse_body=1,
        merge_body=0,
        **more,
    )


def released(content: Content) -> None:
    release(Webtask.objects.get(name="hello"), content, user=None, message="")


def test_what_is_live_becomes_ones_own_draft_of_a_new_webtask(alice, bob, hello):
    made = forked(bob)["webtask"]
    assert (made["team"], made["name"], made["live"]) == ("acme", "copy", None)
    assert (made["draft"]["code"], made["draft"]["base"]) == (LIVE, None)
    # Alice sees that it is there, and no draft of hers.
    assert alice.get("/copy").json()["draft"]["code"] == ""


def test_a_version_or_somebodys_draft_can_be_forked(alice, bob, hello):
    alice.publish("hello", "two", base=1)
    alice.put("/hello/draft", {"code": "three", "files": {"lib/x.js": "1"}, "base": 2}, if_none_match="*")
    assert forked(bob, version=1)["webtask"]["draft"]["code"] == LIVE
    draft = forked(bob, name="other", draft=alice.user.pk)["webtask"]["draft"]
    assert (draft["code"], draft["files"]) == ("three", {"lib/x.js": "1"})
    # The original is as it was.
    assert alice.get("/hello").json()["draft"]["code"] == "three"
    assert [draft.user for draft in Draft.objects.filter(webtask__name="hello")] == [alice.user]


def test_in_the_same_team_all_that_belongs_to_the_text_goes_along(alice, hello):
    released(rich(host="shop.example.com"))
    left = forked(alice)["left"]
    assert left == {"secrets": [], "parameters": [], "meta": []}
    copy = Webtask.objects.get(name="copy")
    assert dependencies_of(copy) == {"lodash": "4.17.21"}
    begun = Content.of_draft(copy.draft_set.get(), None)
    assert begun == rich()


def test_what_is_said_of_it_goes_along(alice, charlie, hello):
    alice.patch("/hello", {"description": "Greets", "tags": ["mail", "cron"]})
    shared(alice, "code")
    for made in (forked(alice)["webtask"], forked(charlie, team="chaos")["webtask"]):
        assert (made["description"], made["tags"]) == ("Greets", ["cron", "mail"])
    # And is the new one's own from then on.
    alice.patch("/copy", {"description": "Greets twice"})
    assert alice.get("/hello").json()["description"] == "Greets"


def test_another_team_gets_no_more_than_who_sees_code_is_told(alice, charlie, hello):
    released(rich())
    shared(alice, "code")
    assert alice.patch("/hello/secrets", {"secrets": {"API_KEY": "hush"}}).status_code == 200
    found = forked(charlie, team="chaos")
    assert found["left"] == {
        "secrets": ["API_KEY"],
        "parameters": ["greeting"],
        "meta": ["colour", "wt-middleware"],
    }
    copy = Webtask.objects.get(team__slug="chaos", name="copy")
    assert not copy.secret_set.exists()
    assert dependencies_of(copy) == {"lodash": "4.17.21"}
    begun = Content.of_draft(copy.draft_set.get(), None)
    assert (begun.parse_body, begun.merge_body, begun.params) == (1, 0, {})
    assert set(begun.meta) == {"wt-node-dependencies", "wt-compiler"}


def test_packages_of_a_draft_go_along_before_they_are_published(alice, hello):
    alice.save("hello", "draft", base=1)
    alice.post("/hello/modules", {"name": "lodash", "version": "4.17.21"})
    forked(alice, draft=alice.user.pk)
    assert dependencies_of(Webtask.objects.get(name="copy")) == {"lodash": "4.17.21"}


def test_settings_of_the_webtask_stay_where_they_are(alice, hello):
    alice.put("/hello/guard", {"kind": "private"})
    alice.patch("/hello/limits", {"wall_ms": 1000})
    alice.put("/hello/storage", {"data": "1"})
    forked(alice)
    copy = Webtask.objects.get(name="copy")
    assert (copy.guard, copy.limits, copy.egress) == ("public", {}, None)
    assert alice.get("/copy/storage").json()["data"] is None
    assert copy.token != Webtask.objects.get(name="hello").token


# -- who may ---------------------------------------------------------------------------------------------------


def test_it_takes_the_right_to_create_where_it_is_to_be(alice, people, charlie, hello):
    shared(alice, "code")
    viewer = people.bob(Role.VIEWER)
    assert fork(viewer).status_code == 403
    assert fork(charlie).status_code == 403  # as somebody it is shared with
    assert fork(charlie, team="chaos").status_code == 201
    create_team("bobs", "Bobs", owner=viewer.user, actor=SYSTEM)
    assert fork(viewer, team="bobs").status_code == 201


@pytest.mark.parametrize("right", ["run", "logs"])
def test_whoever_may_not_see_code_forks_nothing(alice, charlie, hello, right):
    shared(alice, right)
    assert fork(charlie, team="chaos").status_code == 403
    assert not Webtask.objects.filter(team__slug="chaos").exists()


def test_a_team_that_is_not_ones_own_is_as_absent_as_one_that_is_not_there(alice, charlie, hello):
    theirs, none = fork(alice, team="chaos"), fork(alice, team="nada")
    assert theirs.status_code == none.status_code == 404
    assert theirs.content == none.content.replace(b"nada", b"chaos")
    assert fork(charlie, team="chaos").status_code == 404


def test_what_is_not_there_cannot_be_forked(alice, charlie, hello):
    assert fork(alice, version=9).status_code == 404
    # Somebody who has no draft here, and nobody.
    assert fork(alice, draft=charlie.user.pk).status_code == 404
    assert fork(alice, draft=999_999).status_code == 404
    assert fork(alice, draft=2**70).status_code == 404
    assert fork(alice, version=1, draft=alice.user.pk).status_code == 400
    alice.post("", {"name": "young"})
    refused = alice.post("/young/fork", {"name": "copy"})
    assert (refused.status_code, refused.json()["id"]) == (409, "unfit")


def test_the_limits_of_the_other_team_hold(alice, charlie, hello):
    shared(alice, "code")
    chaos = Team.objects.get(slug="chaos")
    chaos.limits = {"code_bytes": 16}
    chaos.save()
    assert fork(charlie, team="chaos").status_code == 413
    two = {"wt-node-dependencies": '{"is-odd": "3.0.1", "left-pad": "1.3.0"}'}
    released(replace(rich(), meta=two))
    chaos.limits = {"packages": 1}
    chaos.save()
    refused = fork(charlie, team="chaos")
    assert refused.status_code == 400, refused.content
    chaos.limits = {"team_webtasks": 0}
    chaos.save()
    assert fork(charlie, team="chaos").status_code == 400
    assert not Webtask.objects.filter(team=chaos).exists()
    assert fork(alice, name="hello").status_code == 409
    assert fork(alice, name="no name").status_code == 400


def test_code_that_lives_elsewhere_is_not_here_to_fork(alice, hello):
    released(Content(url="https://example.com/x.js"))
    refused = fork(alice)
    assert (refused.status_code, refused.json()["id"]) == (409, "unfit")
    assert "example.com" not in refused.content.decode()


# -- the trail -------------------------------------------------------------------------------------------------


def said(team: str) -> list[str]:
    found = AuditEvent.objects.filter(team=team, action__startswith="webtask.fork").order_by("pk")
    return [sentence(event) for event in found]


def test_both_trails_tell_of_it(alice, charlie, hello):
    shared(alice, "code")
    alice.save("hello", "draft", base=1)
    forked(charlie, team="chaos", name="mine", draft=alice.user.pk)
    assert said("chaos") == ["forked acme/hello (the draft of Alice) as mine"]
    # The name of the other team is nobody's business here.
    assert said("acme") == ["forked the draft of Alice of hello into another team"]
    forked(alice)
    assert said("acme")[1:] == ["forked acme/hello (v1) as copy"]


def test_an_api_token_forks_no_further_than_it_reaches(alice, hello):
    create_team("second", "Second", owner=alice.user, actor=SYSTEM)
    answer = alice.client.post("/api/teams/acme/tokens", {"name": "mine"}, content_type="application/json")
    bearer = {"authorization": f"Bearer {answer.json()['secret']}"}

    def by_token(**body: Any) -> int:
        sent = Client(headers=bearer)
        answer = sent.post(f"{API}/hello/fork", {"name": "copy", **body}, content_type="application/json")
        return int(answer.status_code)

    assert by_token(team="second") == 404
    assert by_token() == 201
