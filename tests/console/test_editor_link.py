"""The link that `wt edit` opens: its token signs in for one webtask, as far as the token goes and as long as it stands."""

import time

import pytest
from django.test import Client

from console.accounts import tokens
from console.accounts.actions import drop_tokens, issue_token, revoke_token
from console.accounts.audit import SYSTEM, Actor
from console.accounts.holders import LIFE
from console.accounts.models import AuditEvent, Token, User
from console.accounts.roles import Action
from console.live.page import SIGNED_OUT
from console.webtasks.models import Draft, Version
from tests.console.people import API
from tests.console.walk.sessions import opened

LINK = "/edit/acme"
PAGE = "/t/acme/hello"


@pytest.fixture
def token(people, hello):
    """Of the container, issued by its owner."""
    owner = people.alice.user
    return issue_token(people.team, "ci", actor=Actor(owner.handle, owner))


def sent(token, name="hello", client=None, **more):
    body = {"name": name, "token": tokens.sign(token.claims)}
    return (client or Client()).post(LINK, body, **more)


def fresh_client():
    return Client(enforce_csrf_checks=True)


def saved(client, code, **headers):
    body = {"code": code, "base": 1}
    headers = headers or {"if-none-match": "*"}
    return client.put(f"{API}/hello/draft", body, content_type="application/json", headers=headers)


def test_the_page_keeps_what_it_knows_to_itself(people, hello):
    page = Client().get(LINK)
    assert page.status_code == 200
    assert page["Referrer-Policy"] == "no-referrer"
    assert page["X-Robots-Tag"] == "noindex"
    assert "no-store" in page["Cache-Control"]
    # Of a team that is not there it says the same.
    assert Client().get("/edit/nada").content.count(b"nada") == page.content.count(b"acme")


def test_a_link_of_another_site_waits_for_a_press(people):
    assert b"data-edit-at-once" in Client().get(LINK, headers={"sec-fetch-site": "none"}).content
    assert b"data-edit-at-once" not in Client().get(LINK, headers={"sec-fetch-site": "cross-site"}).content


def test_nothing_is_opened_without_the_pages_own_csrf_token(token):
    client = fresh_client()
    assert sent(token, client=client).status_code == 403
    shown = str(client.get(LINK).context["csrf_token"])
    answer = sent(token, client=client, headers={"x-csrftoken": shown})
    assert (answer.status_code, answer.json()) == (200, {"there": PAGE})


def test_its_session_is_a_new_one(token):
    client = Client()
    client.get(LINK)
    client.session["mark"] = "x"
    before = client.session.session_key
    sent(token, client=client)
    assert client.session.session_key != before
    assert client.session.get_expiry_age() == LIFE.total_seconds()


def test_edit_publish_and_whose_it_is(people, alice, token):
    client = opened(token)
    assert client.get(PAGE).status_code == 200
    alice.save("hello", "// hers", base=1)
    # A draft of its own: nobody else's is seen, nor written over.
    assert client.get(f"{API}/hello").json()["draft"]["code"] != "// hers"
    etag = saved(client, "module.exports = cb => cb(null, 2)").json()["etag"]
    body = {"message": "by token", "etag": etag}
    done = client.post(f"{API}/hello/publish", body, content_type="application/json")
    assert done.status_code == 201, done.content
    assert Draft.objects.get(user=alice.user).code == "// hers"
    assert Version.objects.get(number=2).author == alice.user
    event = AuditEvent.objects.get(action="webtask.publish", detail__after__version=2)
    assert (event.actor, event.token) == (f"token {token.jti}", token.jti)
    assert event.actor_key == alice.user.pk
    told = alice.client.get("/t/acme/@audit").content.decode()
    assert "opened the editor of hello" in told
    assert "The token “ci”" in told


def test_it_is_for_the_one_webtask(people, alice, token):
    alice.post("", {"name": "other"})
    client = opened(token)
    assert client.get(f"{API}/other").status_code == 404
    assert client.get("/t/acme/other").status_code == 404
    assert client.get("/t/acme").status_code == 404
    assert client.get("/api/teams").json() == []
    assert client.get("/").headers["Location"] == PAGE
    # Until a link opens that one too.
    sent(token, name="other", client=client)
    assert client.get(f"{API}/other").status_code == client.get(f"{API}/hello").status_code == 200


def test_another_token_leaves_nothing_of_the_one_before(people, alice, token):
    alice.post("", {"name": "other"})
    client = opened(token)
    opened_other = issue_token(people.team, "other", actor=SYSTEM, jtnm=["other"])
    assert sent(opened_other, name="other", client=client).status_code == 200
    assert client.get(f"{API}/hello").status_code == 404


@pytest.mark.parametrize("path", ["/account", "/account/address", "/authorize", "/account/sessions"])
def test_it_has_no_account(token, path):
    assert opened(token).get(path).headers["Location"] == "/"


def test_it_makes_no_team_and_joins_none(people, alice, token):
    client = opened(token)
    made = client.post("/teams/new", {"slug": "fresh", "name": "Fresh"})
    assert made.status_code != 302
    assert not User.objects.get(holds=token).teams.exists()
    link = alice.client.post(
        "/api/teams/acme/invitations", {"role": "viewer"}, content_type="application/json"
    )
    secret = link.json()["url"].rpartition("/")[2]
    client.post(f"/join/{secret}")
    assert not User.objects.get(holds=token).teams.exists()


@pytest.mark.parametrize(
    ("claims", "columns", "status", "words"),
    [
        ({"exp": int(time.time()) - 5}, {}, 403, "expired"),
        ({"nbf": int(time.time()) + 600}, {}, 403, "not yet valid"),
        ({"jtnm": ["other"]}, {}, 403, "not good for"),
        ({"ten": "chaos"}, {}, 403, "not authorized"),
        ({"url": "https://example.com/x.js"}, {}, 403, "not good for"),
        ({}, {"methods": ["POST"]}, 403, "POST requests alone"),
        ({}, {"scopes": [Action.ISSUE]}, 403, "not good for"),
    ],
)
def test_what_opens_nothing(people, hello, claims, columns, status, words):
    team = None if "ten" in claims else people.team
    token = issue_token(team, "narrow", actor=SYSTEM, **claims)
    Token.objects.filter(pk=token.pk).update(**columns)
    client = Client()
    answer = sent(token, client=client)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert words in answer.json()["detail"]
    assert client.get(PAGE).status_code == 302
    assert not User.objects.filter(holds=token).exists()


def test_what_is_no_token_opens_nothing(people, hello):
    for shown, status in (("", 400), ("x", 403), ("wtk_" + "a" * 49, 403)):
        assert Client().post(LINK, {"name": "hello", "token": shown}).status_code == status


def test_a_webtask_that_is_not_there(token):
    assert sent(token, name="none").status_code == 404


def test_a_link_without_a_name(people, token):
    assert sent(token, name="").json()["detail"].endswith("wt edit NAME.")
    one = issue_token(people.team, "one", actor=SYSTEM, jtnm=["hello"])
    assert sent(one, name="").json() == {"there": PAGE}


def test_whoever_is_signed_in_stays_so(people, alice, charlie, token):
    answer = sent(token, client=alice.client)
    assert answer.json() == {"there": PAGE}
    page = alice.client.get(PAGE).content.decode()
    assert "that counts here, not the token in the link" in page
    assert not User.objects.filter(holds=token).exists()
    # Also where that sees less than the token would.
    refused = sent(token, client=charlie.client)
    assert refused.status_code == 404
    assert "sign out and open the link again" in refused.json()["detail"]


def test_the_page_says_so(token):
    boot = opened(token).get(PAGE).context["boot"]
    assert boot["token"] == {"name": "ci", "until": None}
    assert boot["paths"]["team"] is boot["paths"]["signin"] is None


def test_revoked_it_is_over_everywhere(token):
    client = opened(token)
    revoke_token(token.jti, actor=SYSTEM)
    answer = saved(client, "x")
    assert (answer.status_code, answer.json()["id"]) == (401, "not-signed-in")
    page = client.get(PAGE, follow=True)
    assert page.redirect_chain[-1][0].startswith("/signin")
    assert "has ended or was revoked" in page.content.decode()


def test_with_the_token_its_end_comes(people, hello):
    ends = int(time.time()) + 600
    token = issue_token(people.team, "short", actor=SYSTEM, exp=ends)
    client = opened(token)
    assert client.session.get_expiry_age() <= 600
    Token.objects.filter(pk=token.pk).update(claims={**token.claims, "exp": int(time.time()) - 1})
    assert client.get(f"{API}/hello").status_code == 401
    # Cleared away with who held it.
    drop_tokens(Token.objects.filter(pk=token.pk))
    assert not Token.objects.filter(pk=token.pk).exists()
    assert not User.objects.filter(holds=token.jti).exists()


def test_its_own_bounds_hold(people, hello):
    token = issue_token(people.team, "slow", actor=SYSTEM, ltd=2)
    client = opened(token)
    statuses = [client.get(f"{API}/hello").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_signing_out_is_leaving(token):
    client = opened(token)
    assert client.post("/signout").headers["Location"] == "/"
    assert client.get(f"{API}/hello").status_code == 401


@pytest.mark.django_db(transaction=True)
def test_revoked_it_hears_no_more(token, listener):
    client = opened(token)
    page = listener.tail(client)
    page.say(t="sub", topic="webtask:acme/hello", since=None)
    assert page.hear()["t"] == "subscribed"
    revoke_token(token.jti, actor=SYSTEM)
    assert page.close_code() == SIGNED_OUT
    page.close()
