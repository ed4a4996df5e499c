"""The way of a browser to a private webtask: the page that lets it in, the ticket, the pass."""

import hashlib
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from console.accounts.roles import Role
from console.webtasks import passes

pytestmark = pytest.mark.django_db
SECRET = "a secret of the browser"
STATE = hashlib.sha256(SECRET.encode()).hexdigest()
# As after a redirect from the team's host.
FROM_THERE = {"sec-fetch-site": "same-site"}


@pytest.fixture
def private(alice, hello):
    assert alice.put("/hello/guard", {"kind": "private"}).status_code == 200


def enter(client, **asked):
    return client.get("/enter/acme/hello", {"state": STATE, **asked}, headers=FROM_THERE)


def sent_to(answer) -> tuple[str, dict[str, list[str]]]:
    """The place without its query, and the query."""
    assert answer.status_code == 302, answer.content
    url = urlsplit(answer["Location"])
    return f"{url.scheme}://{url.netloc}{url.path}", parse_qs(url.query)


def post(settings, path, **asked):
    headers = {"authorization": f"Bearer {settings.NODE_TOKEN}"}
    told = {"team": "acme", "webtask": "hello", **asked}
    return Client().post(f"/internal/{path}", told, content_type="application/json", headers=headers)


def test_who_may_call_it_is_sent_back_with_a_ticket_that_is_good_once(people, private, settings):
    bob = people.bob(Role.OPERATOR)
    place, query = sent_to(enter(bob.client, to="/x?y=1"))
    assert place == f"http://acme.localhost:{settings.PORT}/@enter/hello"
    assert query["to"] == ["/x?y=1"]
    (ticket,) = query["ticket"]
    got = post(settings, "passes", ticket=ticket, states=["0" * 64, STATE])
    assert (got.status_code, got.json()["seconds"]) == (200, 600)
    word = got.json()["pass"]
    assert post(settings, "visitors", method="GET", kind="pass", value=word).status_code == 200
    again = post(settings, "passes", ticket=ticket, states=[STATE])
    assert (again.status_code, "used already" in again.json()["message"]) == (403, True)
    bob.client.logout()
    assert post(settings, "visitors", method="GET", kind="pass", value=word).status_code == 403


def test_who_is_there_by_a_pass_may_stay_for_as_long_as_the_session(people, private, settings, monkeypatch):
    bob = people.bob(Role.OPERATOR)
    _, query = sent_to(enter(bob.client))
    word = post(settings, "passes", ticket=query["ticket"][0], states=[STATE]).json()["pass"]
    shown = {"method": "GET", "kind": "pass", "value": word}
    later = time.time() + passes.PASS_SECONDS + 1
    monkeypatch.setattr("console.webtasks.passes.time.time", lambda: later)
    assert post(settings, "visitors", **shown).status_code == 403
    assert post(settings, "visitors", **shown, staying=True).status_code == 200
    assert post(settings, "visitors", **{**shown, "value": "x"}, staying=True).status_code == 403
    bob.client.logout()
    assert post(settings, "visitors", **shown, staying=True).status_code == 403


def test_nobody_else_is(people, private, charlie):
    assert enter(people.bob(Role.VIEWER).client).status_code == 403
    theirs = enter(charlie.client)
    absent = charlie.client.get("/enter/acme/none", headers=FROM_THERE)
    assert theirs.status_code == absent.status_code == 404
    nobody = enter(Client())
    assert nobody.status_code == 302
    assert nobody["Location"].startswith("/signin?next=/enter/acme/hello")


def test_a_ticket_of_another_browser_or_webtask_opens_nothing(alice, private, settings):
    key = alice.client.session.session_key
    ticket = passes.ticket(key, "acme", "hello", STATE)
    for states in ([], ["0" * 64], [SECRET]):
        assert post(settings, "passes", ticket=ticket, states=states).status_code == 403
    assert post(settings, "passes", ticket=ticket, states=[STATE], webtask="other").status_code == 403
    for forged in ("", "x", "é", ticket[:-2], ticket.swapcase()):
        assert post(settings, "passes", ticket=forged, states=[STATE]).status_code == 403
    # A ticket is no pass, and a pass no ticket.
    assert post(settings, "visitors", method="GET", kind="pass", value=ticket).status_code == 403
    word = post(settings, "passes", ticket=ticket, states=[STATE]).json()["pass"]
    assert post(settings, "passes", ticket=word, states=[STATE]).status_code == 403
    assert (
        post(settings, "visitors", method="GET", kind="pass", value=word, webtask="other").status_code == 403
    )


def test_both_have_their_time(alice, private, settings, monkeypatch):
    key = alice.client.session.session_key
    ticket = passes.ticket(key, "acme", "hello", STATE)
    word = passes.exchange(passes.ticket(key, "acme", "hello", STATE), "acme", "hello", [STATE])
    now = time.time()
    monkeypatch.setattr("console.webtasks.passes.time.time", lambda: now + passes.TICKET_SECONDS + 1)
    assert post(settings, "passes", ticket=ticket, states=[STATE]).status_code == 403
    assert passes.session_of(word, "acme", "hello") == key
    monkeypatch.setattr("console.webtasks.passes.time.time", lambda: now + passes.PASS_SECONDS + 1)
    assert post(settings, "visitors", method="GET", kind="pass", value=word).status_code == 403


def test_a_pass_does_not_tell_the_sessions_key(alice, private):
    key = alice.client.session.session_key
    word = passes.exchange(passes.ticket(key, "acme", "hello", STATE), "acme", "hello", [STATE])
    import base64

    assert key.encode() not in base64.urlsafe_b64decode(word + "==")


@pytest.mark.parametrize(
    "to",
    [
        "//evil.example",
        "https://evil.example",
        "@evil.example",
        ".evil.example",
        "/\r\nx: y",
        "/é",
        "x",
        "\\evil",
    ],
)
def test_it_leads_to_the_webtask_and_nowhere_else(alice, private, settings, to):
    answer = alice.client.get("/enter/acme/hello", {"to": to, "state": STATE}, headers=FROM_THERE)
    place, query = sent_to(answer)
    assert place == f"http://acme.localhost:{settings.PORT}/@enter/hello"
    assert set(query) <= {"ticket", "to"}
    page = alice.client.get("/enter/acme/hello", {"to": to}, headers=FROM_THERE).content.decode()
    # Behind the webtask's name a path is a path, whatever it looks like.
    extra = to if to.startswith("//") else ""
    assert f'href="http://acme.localhost:{settings.PORT}/hello{extra}"' in page


@pytest.mark.parametrize("site", ["same-origin", "same-site", "cross-site", "none", ""])
@pytest.mark.parametrize(("guard", "state"), [("private", ""), ("public", STATE), ("public", "")])
def test_without_a_ticket_nobody_is_led_on_unasked(alice, charlie, hello, guard, state, site):
    """Else a link to sign in would end on a stranger's page: anybody may share a webtask of theirs with anybody."""
    alice.put("/hello/guard", {"kind": guard})
    alice.post("/hello/collaborators", {"email": "charlie@example.com", "rights": ["run"]})
    answer = charlie.client.get(
        "/enter/acme/hello", {"state": state}, headers={"sec-fetch-site": site} if site else {}
    )
    assert (answer.status_code, answer.get("Refresh")) == (200, None)
    assert b'href="http://acme.localhost' in answer.content


def test_a_domain_of_its_own_is_where_it_goes_back_to(alice, private, settings, people):
    from console.webtasks.models import Version

    Version.objects.update(host="tasks.example.com")
    place, _ = sent_to(enter(alice.client, host="tasks.example.com"))
    assert place == f"http://tasks.example.com:{settings.PORT}/@enter/acme/hello"
    place, _ = sent_to(enter(alice.client, host="evil.example"))
    assert place == f"http://acme.localhost:{settings.PORT}/@enter/hello"


def test_from_a_form_of_ours_a_page_leads_on(alice, private):
    """The policy of the sign-in page lets its form lead to the console alone."""
    answer = alice.client.get(
        "/enter/acme/hello", {"state": STATE}, headers={"sec-fetch-site": "same-origin"}
    )
    assert answer.status_code == 200
    assert answer["Refresh"].startswith("0; url=http://acme.localhost")
    assert answer["Cache-Control"].count("no-store")
