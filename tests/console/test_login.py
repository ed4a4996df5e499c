"""People sign in for a published client: section 8 of the protocol, step by step as wt-cli takes them."""

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.test import Client
from oauth2_provider.models import AccessToken

from console.accounts.actions import appoint_staff
from console.accounts.audit import SYSTEM
from console.accounts.models import AuditEvent, Member
from console.accounts.roles import Role
from tests.console.client import Webtasks, live, refused
from tests.console.people import Person

CODE = "module.exports = cb => cb(null, 1)"
BACK = "http://127.0.0.1:8725"


@dataclass
class Login:
    """Of `person`, for `scope`; the verifier is as short as the client's."""

    person: Person
    scope: str = "openid offline_access"

    def __post_init__(self) -> None:
        self.verifier = secrets.token_urlsafe(16)

    def page(self, **other: str) -> Any:
        described = Client().get("/api/description").json()
        digest = hashlib.sha256(self.verifier.encode()).digest()
        query = {
            "redirect_uri": BACK,
            "audience": described["audience"],
            "response_type": "code",
            "client_id": described["client_id"],
            "scope": self.scope,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
            **other,
        }
        return self.person.client.get("/authorize", query)

    def answer(self, *, allow: bool = True, **changed: str) -> dict[str, str]:
        """Of the form on the page: what the redirect to the client says."""
        html = self.page().content.decode()
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))
        sent = {name: unescape(value) for name, value in fields.items()} | changed
        answer = self.person.client.post("/authorize", {**sent, **({"allow": "true"} if allow else {})})
        assert answer.status_code == 302, answer.content
        assert answer["Location"].startswith(BACK)
        return {name: value for name, (value,) in parse_qs(urlsplit(answer["Location"]).query).items()}

    def exchange(self, code: str, **other: Any) -> Any:
        return post_token(
            grant_type="authorization_code",
            client_id="wt-cli",
            code=code,
            code_verifier=self.verifier,
            redirect_uri=BACK,
            **other,
        )

    def tokens(self) -> dict[str, Any]:
        answer = self.exchange(self.answer()["code"])
        assert answer.status_code == 200, answer.content
        tokens: dict[str, Any] = answer.json()
        return tokens

    def client(self) -> Webtasks:
        return Webtasks(self.tokens()["access_token"])


def post_token(**sent: Any) -> Any:
    return Client().post("/oauth/token", sent, content_type="application/json")


def test_the_whole_way(people, alice):
    got = Login(alice, "openid offline_access wt:owner:acme").tokens()
    assert got["scope"].split() == ["openid", "offline_access", "wt:owner:acme"]
    assert (got["expires_in"], got["token_type"]) == (3600, "Bearer")
    header = jwt.get_unverified_header(got["access_token"])
    assert header["typ"] == "JWT"
    client = Webtasks(got["access_token"])
    made = client.put("webtask/acme/hello", {"code": CODE, "secrets": {"k": "v"}, "meta": {"a": "b"}})
    assert (made.status_code, made.json()["name"]) == (200, "hello")
    assert "token" not in made.json()
    assert live().author == alice.user
    assert AuditEvent.objects.get(action="webtask.put").actor == alice.user.email
    assert [one["name"] for one in client.get("webtask/acme").json()] == ["hello"]
    assert client.get("webtask/acme/hello", decrypt="true").json()["secrets"] == {"k": "v"}
    assert client.delete("webtask/acme/hello").status_code == 204


def test_without_a_team_named_all_the_persons_are_granted(people, alice, charlie):
    assert Login(alice).tokens()["scope"] == "openid offline_access wt:owner:acme"
    assert Login(charlie).tokens()["scope"] == "openid offline_access wt:owner:chaos"


def test_a_person_runs_code_ad_hoc_where_they_may(people, alice, charlie, settings):
    node = Client(headers={"authorization": f"Bearer {settings.NODE_TOKEN}"})

    def ask(presented: str, team: str) -> Any:
        return node.post(
            "/internal/leave", {"team": team, "token": presented}, content_type="application/json"
        )

    presented = Login(alice).client().token
    template = ask(presented, "acme").json()["template"]
    assert (template["team"], template["files"], template["token"]) == ("acme", {}, "")
    assert ask(presented, "chaos").status_code == 403
    viewer = Login(people.bob(Role.VIEWER)).client()
    assert ask(viewer.token, "acme").status_code == 403


def test_a_refresh_gives_new_tokens_and_ends_the_old(people, alice):
    got = Login(alice).tokens()
    answer = post_token(grant_type="refresh_token", client_id="wt-cli", refresh_token=got["refresh_token"])
    fresh = answer.json()
    assert fresh["scope"] == got["scope"]
    assert Webtasks(fresh["access_token"]).get("webtask/acme").status_code == 200
    assert refused(Webtasks(got["access_token"]).get("webtask/acme"), 403) == "token is revoked"


def test_a_stranger_gives_nothing_of_another_team(people, charlie):
    login = Login(charlie, "openid wt:owner:acme")
    assert b"a team that you do not belong to" in login.page().content
    assert login.answer()["error"] == "access_denied"
    # Nor by a form that was changed on the way.
    assert Login(charlie, "openid wt:owner:chaos").answer(scope="wt:owner:acme")["error"] == "access_denied"


def test_a_link_cannot_say_that_nobody_need_be_asked(people, alice):
    Login(alice).tokens()
    page = Login(alice).page(approval_prompt="auto")
    assert (page.status_code, b'name="allow"' in page.content) == (200, True)


def test_a_team_takes_back_what_a_person_issued(people, alice, charlie):
    presented = Login(people.bob(Role.DEVELOPER)).client().issued(ten="acme")
    refused(Login(charlie).client().call("post", "tokens/revoke", None, token=presented), 403)
    assert Login(alice).client().call("post", "tokens/revoke", None, token=presented).status_code == 200
    refused(Webtasks(presented).get("webtask/acme"), 403)


def test_who_refuses_gives_nothing(people, alice):
    assert Login(alice).answer(allow=False)["error"] == "access_denied"


def test_nobody_is_asked_to_sign_in_first(people):
    anonymous = Client().get("/authorize?client_id=wt-cli&response_type=code")
    assert anonymous.status_code == 302
    assert anonymous["Location"].startswith("/signin?next=/authorize")


def test_the_page_may_lead_back_to_this_computer_and_nowhere_else(people, alice):
    page = Login(alice).page()
    assert "form-action 'self' http://127.0.0.1:*;" in page["Content-Security-Policy"]
    assert page["Cache-Control"] == "no-store"
    for back in (
        "http://evil.test",
        "http://127.0.0.1.evil.test:80",
        "https://127.0.0.1:1/x",
        "javascript:alert(1)",
    ):
        answer = Login(alice).page(redirect_uri=back)
        assert (answer.status_code, answer.has_header("Location")) == (400, False), back


@pytest.mark.parametrize(
    "other",
    [
        {"client_id": "other"},
        {"scope": "wt:everything"},
        {"response_type": "token"},
        {"code_challenge": ""},
        {"code_challenge_method": "plain"},
    ],
)
def test_what_is_not_offered_is_refused(people, alice, other):
    answer = Login(alice).page(**other)
    assert "error=" in answer.get("Location", "") or answer.status_code in (400, 401, 403)
    assert b'name="allow"' not in answer.content


@pytest.mark.parametrize(
    "wrong",
    [{"code_verifier": "x" * 22}, {"redirect_uri": "http://127.0.0.1:1"}, {"code": "x"}, {"client_id": "x"}],
)
def test_a_code_is_for_who_asked(people, alice, wrong):
    login = Login(alice)
    sent = {
        "grant_type": "authorization_code",
        "client_id": "wt-cli",
        "code": login.answer()["code"],
        "code_verifier": login.verifier,
        "redirect_uri": BACK,
    }
    assert post_token(**{**sent, **wrong}).status_code in (400, 401)


def test_a_code_is_good_once(people, alice):
    login = Login(alice)
    code = login.answer()["code"]
    assert login.exchange(code).status_code == 200
    assert login.exchange(code).status_code == 400


@pytest.mark.parametrize(
    "body", ["", "[]", "{", "[" * 99_999, '{"grant_type": 5}', '{"grant_type": "password"}']
)
def test_what_is_no_question_for_a_token(people, body):
    answer = Client().post("/oauth/token", body, content_type="application/json")
    assert answer.status_code in (400, 401)
    assert "error" in answer.json()


def test_a_token_is_kept_as_a_digest_only(people, alice):
    got = Login(alice).tokens()
    assert got["access_token"] not in str(list(AccessToken.objects.values()))


@pytest.mark.parametrize("role", Role)
def test_a_client_may_what_the_persons_role_may(people, hello, role):
    client = Login(people.bob(role)).client()
    may = role not in (Role.VIEWER, Role.OPERATOR)
    assert client.get("webtask/acme/hello", fetch_code="true").json()["code"] == CODE
    for answer in (
        client.get("webtask/acme/hello", decrypt="true"),
        client.put("webtask/acme/hello", {"code": "other"}),
        client.put("webtask/acme/fresh", {"code": "other"}),
        client.issue(ten="acme"),
        client.delete("webtask/acme/hello"),
    ):
        assert (answer.status_code in (200, 204)) if may else (answer.status_code == 403), answer.content


def test_who_leaves_the_team_or_is_shut_out_ends_their_logins(people, hello):
    bob = people.bob(Role.DEVELOPER)
    client = Login(bob).client()
    assert client.get("webtask/acme").status_code == 200
    Member.objects.filter(user=bob.user).delete()
    refused(client.get("webtask/acme"), 403)
    bob.user.is_active = False
    bob.user.save()
    assert refused(client.get("webtask/acme"), 403) == "token is revoked"


def test_only_staff_is_granted_administration(people, alice):
    scope = "openid wt:admin wt:owner:acme"
    refused(Login(alice, scope).client().get("webtask"), 403)
    appoint_staff(alice.user, staff=True, actor=SYSTEM)
    client = Login(alice, scope).client()
    assert client.get("webtask").status_code == 200
    # It lists, and gives nothing of what is in a team to who is not in it.
    for wide in ({}, {"ten": "/./"}, {"ten": "chaos"}):
        refused(client.issue(**wide), 403)
    refused(client.get("webtask/chaos"), 403)
    appoint_staff(alice.user, staff=False, actor=SYSTEM)
    refused(client.get("webtask"), 403)


def test_a_forged_access_token(people, alice):
    head, claims, signature = Login(alice).tokens()["access_token"].split(".")
    refused(Webtasks(f"{head}.{claims}.{signature[:-2]}AA").get("webtask/acme"), 403)
    forged = jwt.encode({"sub": str(alice.user.pk), "scope": "wt:owner:acme"}, "x" * 32, headers={"kid": "x"})
    refused(Webtasks(forged).get("webtask/acme"), 403)


def test_an_operator_may_want_no_logins(people, settings):
    settings.CLIENT_LOGIN = False
    assert Client().get("/api/description").json() == {}
