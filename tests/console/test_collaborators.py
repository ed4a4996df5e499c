"""One webtask is shared with somebody outside the team: they may what was shared, with that webtask, and nothing else."""

import html
from typing import Any

import pytest

from console import permissions
from console.accounts.actions import add_member
from console.accounts.audit import SYSTEM
from console.accounts.models import AuditEvent, Team
from console.accounts.roles import RIGHTS, TOGETHER, Action, Right, Role
from console.webtasks import actions, deployments
from console.webtasks.models import Webtask
from console.webtasks.runs import grant_of
from tests.console.people import API, Person

pytestmark = pytest.mark.django_db

TRIES = {
    Action.VIEW: ("get", "/hello", None),
    Action.CODE: ("get", "/hello/versions", None),
    Action.EDIT: ("put", "/hello/draft", {"code": "x", "base": None}),
    Action.RUN: ("post", "/hello/run", {"path": "no slash"}),
    Action.LOGS: ("get", "/hello/logs", None),
    Action.PUBLISH: ("post", "/hello/publish", {"message": "", "etag": "x"}),
    Action.SECRETS: ("patch", "/hello/secrets", {"secrets": {"KEY": "x"}}),
    Action.SHARE: ("get", "/hello/collaborators", None),
    Action.DELETE: ("delete", "/hello", None),
}


def tried(person: Person, action: Action) -> int:
    method, path, body = TRIES[action]
    headers = {"if-none-match": "*"} if method == "put" else {}
    send = getattr(person.client, method)
    status: int = send(f"{API}{path}", body, content_type="application/json", headers=headers).status_code
    return status


def given(person: Person, rights: frozenset[Action]) -> None:
    """Tries everything."""
    for action in TRIES:
        status = tried(person, action)
        if action in rights:
            assert status not in (401, 403, 404), (action, status)
        else:
            assert status == (403 if rights else 404), (action, status)


@pytest.mark.parametrize("right", Right)
def test_a_person_may_what_was_shared_and_no_more(alice, charlie, hello, right):
    answer = alice.post("/hello/collaborators", {"email": "Charlie@Example.com", "rights": [right]})
    assert answer.status_code == 201, answer.content
    given(charlie, RIGHTS[right])
    assert charlie.get("").status_code == 404  # the team itself stays out of sight
    assert [one["name"] for one in charlie.client.get("/api/shared").json()] == ["hello"]


def test_what_edit_and_run_reach_together_is_told_where_they_are_given(alice, charlie, hello, client):
    """A draft runs with all that the webtask has: else it could not be tried."""
    alice.patch("/hello/secrets", {"secrets": {"KEY": "s3cret"}})
    alice.post("/hello/collaborators", {"email": "charlie@example.com", "rights": ["edit", "run"]})
    assert (
        charlie.save("hello", "module.exports = (ctx, cb) => cb(null, ctx.secrets)", base=1).status_code
        == 200
    )
    draft = deployments.find("acme", "hello", grant_of(Webtask.objects.get(), charlie.user))
    assert (draft.label, draft.secrets) == ("draft", {"KEY": "s3cret"})
    shapes = client.get("/api/schema").json()["components"]["schemas"]
    for shape, field in (("NewCollaboratorRequest", "rights"), ("NewTokenRequest", "scopes")):
        assert TOGETHER in shapes[shape]["properties"][field]["description"]
    assert TOGETHER in html.unescape(alice.client.get("/t/acme/@tokens").content.decode())
    assert TOGETHER in permissions.page()


def test_what_was_taken_back_is_gone(alice, charlie, hello):
    number = alice.post("/hello/collaborators", {"email": "charlie@example.com", "rights": ["code"]}).json()[
        "number"
    ]
    given(charlie, RIGHTS[Right.CODE])
    assert alice.delete(f"/hello/collaborators/{number}").status_code == 204
    given(charlie, frozenset())
    assert charlie.client.get("/api/shared").json() == []


def test_sharing_again_replaces_what_was_shared(alice, charlie, hello):
    for rights in (["edit"], ["logs"]):
        alice.post("/hello/collaborators", {"email": "charlie@example.com", "rights": rights})
    given(charlie, RIGHTS[Right.LOGS])
    assert len(alice.get("/hello/collaborators").json()) == 1


def test_sharing_is_bounded_and_what_is_shared_can_be_changed_still(alice, hello, monkeypatch):
    monkeypatch.setattr(actions, "MAX_COLLABORATORS", 1)
    first, second = ({"email": f"{name}@example.com", "rights": ["run"]} for name in ("charlie", "dora"))
    assert alice.post("/hello/collaborators", first).status_code == 201
    assert alice.post("/hello/collaborators", second).status_code == 400
    assert alice.post("/hello/collaborators", {**first, "rights": ["logs"]}).status_code == 201


def test_whoever_may_not_see_code_gets_none(alice, charlie, hello):
    alice.post("/hello/collaborators", {"email": "charlie@example.com", "rights": ["logs"]})
    seen = charlie.get("/hello").json()
    assert seen["draft"] is None
    assert seen["allowed"] == ["webtask.logs", "webtask.view"]


def test_of_a_team_each_has_it_no_further_than_their_role(people, alice, charlie, hello):
    alice.post("/hello/collaborators", {"team": "chaos", "rights": ["edit"]})
    given(charlie, RIGHTS[Right.EDIT])
    chaos = Team.objects.get(slug="chaos")
    for role, may in (
        (Role.VIEWER, RIGHTS[Right.EDIT] - {Action.EDIT}),
        (Role.DEVELOPER, RIGHTS[Right.EDIT]),
    ):
        member = people.stranger(f"chaos-{role}")
        add_member(chaos, member.user, role, actor=SYSTEM)
        given(member, may)


def test_rights_add_to_what_a_member_may(people, alice, hello):
    bob = people.bob(Role.VIEWER)
    assert tried(bob, Action.RUN) == 403
    alice.post("/hello/collaborators", {"email": bob.user.email, "rights": ["run"]})
    assert tried(bob, Action.RUN) not in (403, 404)
    assert tried(bob, Action.CODE) == 200


def test_other_webtasks_stay_out_of_sight(alice, charlie, hello):
    assert alice.post("", {"name": "other"}).status_code == 201
    alice.post("/hello/collaborators", {"email": "charlie@example.com", "rights": ["code"]})
    assert charlie.get("/other").status_code == 404


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"rights": ["code"]}, "Name one of"),
        ({"email": "a@example.com", "team": "chaos", "rights": ["code"]}, "Name one of"),
        ({"email": "a@example.com", "rights": []}, "empty"),
        ({"email": "a@example.com", "rights": ["own"]}, "own"),
        ({"team": "nobody", "rights": ["code"]}, "no team"),
        ({"team": "acme", "rights": ["code"]}, "by their roles"),
    ],
)
def test_what_cannot_be_shared_is_told(alice, hello, body, says):
    answer = alice.post("/hello/collaborators", body)
    assert answer.status_code == 400
    assert says in answer.content.decode()


def test_sharing_is_written_down_with_what_was_before(alice, charlie, hello):
    for right in ("run", "logs"):
        shared = alice.post("/hello/collaborators", {"email": "charlie@example.com", "rights": [right]})
    alice.delete(f"/hello/collaborators/{shared.json()['number']}")
    told = AuditEvent.objects.filter(action__in=["webtask.share", "webtask.unshare"]).order_by("pk")
    assert [(event.action, event.detail) for event in told] == [
        ("webtask.share", {"to": "charlie@example.com", "before": {}, "after": {"rights": ["run"]}}),
        (
            "webtask.share",
            {"to": "charlie@example.com", "before": {"rights": ["run"]}, "after": {"rights": ["logs"]}},
        ),
        ("webtask.unshare", {"to": "charlie@example.com", "before": {"rights": ["logs"]}, "after": {}}),
    ]


PAGES = {
    Right.CODE: {"code", "view"},
    Right.EDIT: {"code", "edit", "view"},
    Right.RUN: {"run", "view"},
    Right.LOGS: {"logs", "view"},
}


def booted(person: Person) -> dict[str, Any]:
    answer = person.client.get("/t/acme/hello")
    assert answer.status_code == 200
    boot: dict[str, Any] = answer.context["boot"]
    return boot


@pytest.mark.parametrize("right", Right)
def test_the_workspace_opens_with_what_was_shared_and_no_more(people, alice, charlie, hello, right):
    assert charlie.client.get("/t/acme/hello").status_code == 404
    alice.post("/hello/collaborators", {"email": "charlie@example.com", "rights": [right]})
    boot = booted(charlie)
    assert set(boot["webtask"]["allowed"]) == {f"webtask.{word}" for word in PAGES[right]}
    sees_code = Action.CODE in RIGHTS[right]
    assert (boot["webtask"]["draft"] is not None) == sees_code
    assert [version["number"] for version in boot["versions"]] == [1]
    assert (b"module.exports" in charlie.client.get("/t/acme/hello").content) == sees_code
    # The team's own pages are not theirs.
    assert (boot["paths"]["team"], boot["paths"]["settings"]) == (None, None)
    assert booted(alice)["paths"]["team"] == "/t/acme"


def test_whoever_may_not_see_code_sees_the_live_version_alone(alice, charlie, hello):
    alice.publish("hello", "module.exports = cb => cb(null, 2)", base=1)
    alice.post("/hello/collaborators", {"email": "charlie@example.com", "rights": ["run"]})
    assert [version["number"] for version in booted(charlie)["versions"]] == [2]
    assert [version["number"] for version in booted(alice)["versions"]] == [2, 1]


def test_what_is_shared_is_listed_for_those_of_teams_and_for_those_of_none(people, alice, charlie, hello):
    dora = people.stranger("dora")
    pages = {"/t/chaos": charlie, "/": dora}
    for path, person in pages.items():
        assert "Shared with you" not in person.client.get(path).content.decode()
        alice.post("/hello/collaborators", {"email": person.user.email, "rights": ["run"]})
        page = person.client.get(path).content.decode()
        assert "Shared with you" in page
        assert 'href="/t/acme/hello"' in page
    assert "Shared with you" not in alice.client.get("/t/acme").content.decode()
