"""GitHub and Google. Their hosts are fixed: what we ask of them is seen in full, what they answer comes from a stand-in."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import jwt
import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core import mail

from console.accounts import providers
from console.accounts.models import User
from console.accounts.people import has_proved
from tests.console.entrance import QUICK, Somebody, last_code
from tests.console.provider import leaves_to

ADDRESS = "ada@example.com"


@pytest.fixture(autouse=True)
def configured(db, settings):
    settings.PASSWORD_HASHERS = QUICK
    kept = settings.SOCIALACCOUNT_PROVIDERS
    app = {"client_id": "webtasks", "secret": "secret"}
    settings.SOCIALACCOUNT_PROVIDERS = {
        name: {**entry, "APPS": [] if name == "openid_connect" else [app]} for name, entry in kept.items()
    }


class StandIn(BaseHTTPRequestHandler):
    """Answers a POST with `token`, a GET by its path."""

    token: dict[str, Any] = {}
    pages: dict[str, Any] = {}
    asked: dict[str, list[str]] = {}

    def do_POST(self) -> None:
        length = int(self.headers["content-length"])
        StandIn.asked = parse_qs(self.rfile.read(length).decode())
        self._send(StandIn.token)

    def do_GET(self) -> None:
        self._send(StandIn.pages[self.path])

    def _send(self, body: Any) -> None:
        content = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def stand_in(monkeypatch):
    server = ThreadingHTTPServer(("127.0.0.1", 0), StandIn)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    for adapter in (providers._GitHub, providers._Google):
        monkeypatch.setattr(adapter, "access_token_url", f"{url}/token")
    monkeypatch.setattr(providers._GitHub, "profile_url", f"{url}/user")
    monkeypatch.setattr(providers._GitHub, "emails_url", f"{url}/user/emails")
    yield StandIn
    server.shutdown()
    server.server_close()


def asked_of(name: str) -> tuple[Somebody, str, dict[str, str]]:
    """Who goes there, where that is, and what they bring."""
    somebody = Somebody()
    url = urlsplit(leaves_to(somebody.client.post(f"/signin/{name}")))
    return somebody, f"{url.scheme}://{url.netloc}{url.path}", dict(parse_qsl(url.query))


@pytest.mark.parametrize(
    ("name", "place", "scope"),
    [
        ("github", "https://github.com/login/oauth/authorize", {"user:email"}),
        ("google", "https://accounts.google.com/o/oauth2/v2/auth", {"profile", "email"}),
    ],
)
def test_what_is_asked_of_them(name, place, scope):
    _, url, asked = asked_of(name)
    assert url == place
    assert asked.pop("state")
    assert asked.pop("code_challenge")
    assert set(asked.pop("scope").split()) == scope
    assert asked == {
        "client_id": "webtasks",
        "redirect_uri": f"http://localhost:8000/signin/{name}/callback",
        "response_type": "code",
        "code_challenge_method": "S256",
    }


@pytest.mark.parametrize("name", ["github", "google"])
def test_a_state_that_was_not_ours_is_refused(name):
    answer = Somebody().client.get(f"/signin/{name}/callback", {"code": "x", "state": "x"})
    assert answer.status_code == 401


def comes_by(name: str) -> tuple[Somebody, Any]:
    somebody, _, asked = asked_of(name)
    return somebody, somebody.client.get(
        f"/signin/{name}/callback", {"code": "a code", "state": asked["state"]}
    )


class TestGitHub:
    @pytest.fixture(autouse=True)
    def says(self, stand_in):
        stand_in.token = {"access_token": "theirs", "token_type": "bearer"}
        # The public address is what its owner typed; only the list says which are proved.
        profile = {"id": 7, "login": "ada", "name": "Ada Lovelace", "email": "boss@example.com"}
        stand_in.pages = {"/user": profile, "/user/emails": []}
        self.pages = stand_in.pages

    @staticmethod
    def address(email: str, *, verified: bool, primary: bool) -> dict[str, object]:
        return {"email": email, "verified": verified, "primary": primary}

    def test_of_several_addresses_the_proved_one_counts(self):
        self.pages["/user/emails"] = [
            self.address("old@example.com", verified=False, primary=True),
            self.address(ADDRESS, verified=True, primary=False),
        ]
        somebody, answer = comes_by("github")
        assert answer["Location"] == "/"
        assert somebody.is_signed_in()
        user = User.objects.get()
        assert (user.email, user.name, has_proved(user)) == (ADDRESS, "Ada Lovelace", True)
        assert EmailAddress.objects.count() == 1
        assert SocialAccount.objects.get().extra_data["login"] == "ada"
        assert len(StandIn.asked["code_verifier"][0]) > 40

    def test_a_public_address_proves_nothing(self):
        somebody, answer = comes_by("github")
        assert answer["Location"] == "/account/address/prove"
        assert mail.outbox[-1].to == ["boss@example.com"]
        assert not somebody.is_signed_in()

    def test_without_any_address_one_is_asked_for(self):
        self.pages["/user"]["email"] = None
        somebody, answer = comes_by("github")
        assert answer["Location"] == "/signup/provider"
        somebody.client.post("/signup/provider", {"email": ADDRESS})
        somebody.prove(last_code())
        assert somebody.is_signed_in()


class TestGoogle:
    def says(self, *, verified: bool) -> None:
        claims = {
            "iss": "https://accounts.google.com",
            "aud": "webtasks",
            "sub": "1234",
            "email": ADDRESS,
            "email_verified": verified,
            "given_name": "Ada",
            "family_name": "Lovelace",
            "exp": 4_000_000_000,
        }
        token = jwt.encode(claims, "k" * 32, algorithm="HS256")
        StandIn.token = {"access_token": "theirs", "id_token": token}

    def test_a_proved_address_makes_an_account(self, stand_in):
        self.says(verified=True)
        somebody, answer = comes_by("google")
        assert answer["Location"] == "/"
        assert somebody.is_signed_in()
        assert User.objects.get().name == "Ada Lovelace"

    def test_one_that_is_not_is_proved_here(self, stand_in):
        self.says(verified=False)
        assert comes_by("google")[1]["Location"] == "/account/address/prove"
