"""Attacks on the way in that go through a browser: a session, a form, a link, a host name that are not what they seem."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import get_resolver

from console.accounts.actions import create_team, create_user
from console.accounts.audit import SYSTEM
from tests.console.device import Device
from tests.console.entrance import PASSWORD, QUICK, Somebody, last_code, last_link

ADDRESS = "ada@example.com"
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    r"\\evil.example\\",
    r"/\evil.example/",
    "/\t/evil.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "http:evil.example",
    "http:///evil.example",
    "https://localhost:8000@evil.example/",
    # Of our own host, and yet anybody's: there speak webtasks.
    "/api/run/acme/hello",
    "/API/run/acme/hello",
    "api/run/acme/hello",
    "./api/run/acme/hello",
    "/t/../api/run/acme/hello",
    "/t/%2e%2e/api/run/acme/hello",
    "/t/..%2fapi/run/acme/hello",
    "/%61pi/run/acme/hello",
    "/%2561pi/run/acme/hello",
    "//api/run/acme/hello",
    # Of the console, and leads on to one of anybody's.
    "/s/abc/run",
    "/s/abc/run?query=x",
    "/s/abc/%72un",
    "/t/../s/abc//run/",
    r"/\api/run/acme/hello",
    "/./api/run/acme/hello",
    "http://localhost:8000/api/run/acme/hello",
]

# Every way asks the same question; what it must answer is tried by the first of them.
SOME = ["https://evil.example/", r"/\evil.example/", "/t/..%2fapi/run/acme/hello"]


@pytest.fixture(autouse=True)
def quick(db, settings):
    settings.PASSWORD_HASHERS = QUICK


@pytest.fixture
def ada():
    return create_user(ADDRESS, password=PASSWORD, actor=SYSTEM)


def test_session_fixation_ends_with_the_sign_in(ada):
    """Whoever planted a session's key in somebody's browser does not share what it becomes."""
    victim = Somebody()
    victim.client.get("/signin")
    victim.sign_in("nobody@example.com")
    session = victim.client.session
    session["planted"] = True
    session.save()
    victim.client.cookies["webtasks_session"] = str(session.session_key)
    victim.sign_in(ADDRESS)
    assert victim.is_signed_in()
    assert victim.client.session.session_key != str(session.session_key)
    thief = Client()
    thief.cookies["webtasks_session"] = str(session.session_key)
    assert thief.get("/account").status_code == 302


def test_session_fixation_ends_with_a_second_factor(ada):
    owner = Somebody()
    owner.sign_in(ADDRESS)
    _, codes = owner.turn_codes_on()
    victim = Somebody()
    victim.sign_in(ADDRESS)
    half = victim.client.session.session_key
    victim.client.post("/signin/code", {"code": codes[0]})
    assert victim.is_signed_in()
    assert victim.client.session.session_key != half


def _posts() -> list[str]:
    """Every page: those that take no form refuse a POST anyway, and must do so before they do anything."""
    patterns = [str(pattern.pattern) for pattern in get_resolver("console.web.account_urls").url_patterns]
    named = [re.sub(r"<slug:provider>", "github", re.sub(r"<int:pk>", "1", path)) for path in patterns]
    return [f"/{path}" for path in named if not path.startswith("^")]


def test_csrf_of_every_form_and_of_the_api_by_cookie(ada):
    create_team("acme", "Acme", owner=ada, actor=SYSTEM)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ada)
    others = ["/account/password/reset/1-set-password", "/t/acme", "/authorize", "/api/teams/acme/webtasks"]

    def post(path: str, **headers: str) -> int:
        kind: dict[str, Any] = {"content_type": "application/json"} if path.startswith("/api/") else {}
        form = {"name": "planted", "login": ADDRESS, "password": PASSWORD, "email": ADDRESS}
        status: int = browser.post(
            path, form, headers={name.replace("_", "-"): value for name, value in headers.items()}, **kind
        ).status_code
        return status

    without = {path: post(path) for path in [*_posts(), *others]}
    # A cookie can be planted, an Origin cannot.
    browser.cookies["webtasks_csrf"] = "x" * 32
    planted = {path: post(path, origin="https://evil.example", x_csrftoken="x" * 32) for path in without}
    assert set(without.values()) == {403}, without
    assert set(planted.values()) == {403}, planted
    assert len(without) > 30
    assert browser.get("/account").status_code == 200


class TestOpenRedirect:
    """Each way on from the entrance: `next` that is not a page of ours is as good as none."""

    @pytest.mark.parametrize("place", ELSEWHERE)
    def test_of_a_password(self, place, ada):
        somebody = Somebody()
        assert somebody.sign_in(ADDRESS, next=place)["Location"] == "/"
        # And for whoever is signed in already.
        assert somebody.client.get("/signin", {"next": place})["Location"] == "/"

    @pytest.mark.parametrize("place", SOME)
    def test_of_a_sign_up(self, place):
        somebody = Somebody()
        somebody.sign_up(ADDRESS, next=place)
        assert somebody.prove(last_code())["Location"] == "/"

    def test_of_a_passkey(self, ada):
        somebody = Somebody()
        somebody.sign_in(ADDRESS)
        device = Device()
        somebody.add_passkey(device)
        for place in SOME:
            somebody.client.logout()
            assert somebody.show_passkey(device, next=place)["Location"] == "/"

    def test_of_a_code(self, ada):
        owner = Somebody()
        owner.sign_in(ADDRESS)
        _, codes = owner.turn_codes_on()
        for place, code in zip(SOME, codes, strict=False):
            somebody = Somebody()
            somebody.sign_in(ADDRESS, next=place)
            answer = somebody.client.post("/signin/code", {"code": code, "next": place})
            assert answer["Location"] == "/"

    def test_of_a_confirmation(self, ada):
        somebody = Somebody()
        somebody.sign_in(ADDRESS)
        for place in SOME:
            answer = somebody.client.post("/account/confirm", {"password": PASSWORD, "next": place})
            assert answer["Location"] == "/"

    def test_of_a_sign_out(self, ada):
        somebody = Somebody()
        for place in SOME:
            somebody.sign_in(ADDRESS)
            assert somebody.client.post("/signout", {"next": place})["Location"] == "/"

    @pytest.mark.parametrize("place", SOME)
    def test_of_a_reset(self, place, ada):
        somebody = Somebody()
        somebody.client.post("/account/password/reset", {"email": ADDRESS, "next": place})
        form = somebody.client.get(last_link(), {"next": place})["Location"]
        assert form.endswith("-set-password")
        new = {"password1": "three new words", "password2": "three new words", "next": place}
        assert somebody.client.post(form, new)["Location"] == "/"


@pytest.mark.parametrize(
    "place",
    ["/s/x", "/s/x/raw/run", "/s/x/fork", "/t/acme/hello", "/account?x=1", "/edit/acme#hello", "/apiary"],
)
def test_a_page_of_ours_is_gone_on_to(place, ada):
    assert Somebody().sign_in(ADDRESS, next=place)["Location"] == place


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "acme.localhost", "localhost@evil.example"]
)
def test_host_header_of_another_host_is_refused(host, ada):
    answer = Client().post("/account/password/reset", {"email": ADDRESS}, headers={"host": host})
    assert answer.status_code == 400
    assert mail.outbox == []


POISON = {
    "host": "localhost:6666",
    "x-forwarded-host": "evil.example",
    "x-forwarded-proto": "https",
    "forwarded": "host=evil.example",
    "x-original-url": "https://evil.example",
}


def test_host_header_is_in_no_letter(ada):
    poisoned = Client(headers=POISON)
    for email in (ADDRESS, "nobody@example.com"):
        poisoned.post("/account/password/reset", {"email": email})
    for email in (ADDRESS, "new@example.com"):
        Client(headers=POISON).post("/signup", {"email": email, "password1": PASSWORD})
    poisoned.post("/signin", {"login": ADDRESS, "password": PASSWORD})
    poisoned.post(
        "/account/password",
        {"oldpassword": PASSWORD, "password1": "three new words", "password2": "three new words"},
    )
    assert len(mail.outbox) == 5
    for letter in mail.outbox:
        text = f"{letter.subject} {letter.body} {letter.from_email}"
        assert "6666" not in text
        assert "evil" not in text
        assert set(re.findall(r"https?://[^/:\s]+:\d+", text)) == {"http://localhost:8000"}


def test_host_header_is_in_no_redirect(ada):
    answer = Client(headers=POISON).post("/signin", {"login": ADDRESS, "password": PASSWORD})
    assert answer["Location"] == "/"
    assert Client(headers=POISON).get("/account")["Location"] == "/signin?next=/account"


@pytest.mark.parametrize(
    "origin", ["http://localhost:8001", "http://acme.localhost:8000", "https://localhost:8000", ""]
)
def test_a_passkey_shown_to_another_origin_is_refused(origin, ada):
    """A webtask's page at acme.localhost may ask a browser for passkeys of localhost, and pass the answer on."""
    owner = Somebody()
    owner.sign_in(ADDRESS)
    device = Device()
    owner.add_passkey(device)
    stranger = Somebody()
    device.origin = origin
    assert stranger.show_passkey(device)["Location"] == "/signin"
    assert not stranger.is_signed_in()
    device.origin = "http://localhost:8000"
    assert stranger.show_passkey(device)["Location"] == "/"


def test_a_passkeys_answer_works_once(ada):
    owner = Somebody()
    owner.sign_in(ADDRESS)
    device = Device()
    owner.add_passkey(device)
    somebody = Somebody()
    asked = somebody.client.get("/signin/passkey", headers={"accept": "application/json"}).json()
    answer = {"credential": device.prove(asked)}
    assert somebody.client.post("/signin/passkey", answer)["Location"] == "/"
    somebody.client.post("/signout")
    assert somebody.client.post("/signin/passkey", answer)["Location"] == "/signin"
    # Nor does it where it was not asked for.
    assert Client().post("/signin/passkey", answer)["Location"] == "/signin"


@pytest.mark.parametrize("secure", [False, True])
def test_cookies_are_for_this_host_and_no_script(secure, settings, ada):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = secure
    prefix = "__Host-" if secure else ""
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = (
        f"{prefix}webtasks_{name}" for name in ("session", "csrf")
    )
    somebody = Somebody()
    somebody.client.get("/signin", secure=secure)
    answer = somebody.sign_in(ADDRESS)
    assert set(answer.cookies) == {f"{prefix}webtasks_{name}" for name in ("session", "csrf", "familiar")}
    for cookie in answer.cookies.values():
        assert (cookie["httponly"], cookie["samesite"], cookie["domain"]) == (True, "Lax", "")
        assert bool(cookie["secure"]) == secure


def test_nothing_of_an_account_stays_in_a_cache(ada):
    somebody = Somebody()
    somebody.sign_in(ADDRESS)
    for path in (
        "/account",
        "/account/security",
        "/account/sessions",
        "/account/address",
    ):
        assert "no-store" in somebody.client.get(path)["Cache-Control"]
    assert "no-store" in Client().get("/signin")["Cache-Control"]
