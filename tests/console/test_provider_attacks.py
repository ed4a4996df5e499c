"""Coming by a provider: attacks on the way there and back, and providers that fail."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from console.accounts.models import User
from tests.console.entrance import QUICK, Somebody
from tests.console.provider import comes_back, comes_by, leaves_to
from tests.console.wire import answer
from tests.stack import free_port


@pytest.fixture(autouse=True)
def quick(acme, settings):
    settings.PASSWORD_HASHERS = QUICK


class TestAttacks:
    def test_a_state_that_was_not_ours_is_refused(self, provider):
        """Somebody is led to come back as another person, whose code the link carries."""
        thief = Somebody()
        back = provider.answers(leaves_to(thief.client.post("/signin/oidc")), "ada")
        victim = Somebody()
        assert comes_back(victim, back).status_code == 401
        assert not victim.is_signed_in()
        assert victim.client.get("/signin/oidc/callback", {"code": "x", "state": "x"}).status_code == 401
        assert victim.client.get("/signin/oidc/callback", {"code": "x"}).status_code == 401
        assert not User.objects.exists()

    def test_a_state_works_once(self, provider):
        somebody = Somebody()
        back = provider.answers(leaves_to(somebody.client.post("/signin/oidc")), "ada")
        assert comes_back(somebody, back).status_code == 302
        somebody.client.post("/signout")
        assert comes_back(somebody, back).status_code == 401

    def test_a_link_does_not_begin_it(self, provider):
        answer = Somebody().client.get("/signin/oidc", {"process": "connect"})
        assert (answer.status_code, answer["Location"]) == (302, "/signin")

    def test_host_header_and_query_change_nothing_of_what_is_asked(self, provider):
        place = (
            "/signin/oidc?scope=repo,admin&auth_params=prompt%3Dnone%26redirect_uri%3Dhttps://evil.example"
        )
        poison = {"host": "localhost:6666", "x-forwarded-host": "evil.example"}
        page = Somebody().client.post(place, headers=poison)
        asked = dict(parse_qsl(urlsplit(leaves_to(page)).query))
        assert asked.pop("state")
        assert len(asked.pop("code_challenge")) == 43
        assert set(asked.pop("scope").split()) == {"openid", "profile", "email"}
        assert asked == {
            "client_id": "webtasks",
            "redirect_uri": "http://localhost:8000/signin/oidc/callback",
            "response_type": "code",
            "code_challenge_method": "S256",
        }

    @pytest.mark.parametrize("place", ["https://evil.example/", "/api/run/acme/hello"])
    def test_open_redirect_of_a_provider(self, provider, place):
        assert comes_by(Somebody(), provider, "ada", next=place)["Location"] == "/"

    def test_who_refuses_there_comes_back(self, provider):
        somebody = Somebody()
        asked = leaves_to(somebody.client.post("/signin/oidc"))
        back = provider.answers(asked, "ada", action="deny")
        # It leaves out the state of what it refuses.
        state = dict(parse_qsl(urlsplit(asked).query))["state"]
        answer = somebody.client.get("/signin/oidc/callback", {"error": "access_denied", "state": state})
        assert "error=access_denied" in back
        assert answer["Location"] == "/signin/cancelled"
        assert somebody.client.get("/signin/cancelled").status_code == 200


class TestFaults:
    def test_a_provider_that_is_away_is_told(self, acme):
        acme["settings"]["server_url"] = f"http://127.0.0.1:{free_port()}"
        answer = Somebody().client.post("/signin/oidc")
        assert answer.status_code == 401
        assert b"Acme could not tell us who you are" in answer.content

    def test_so_is_one_that_goes_away_in_between(self, provider, acme):
        somebody = Somebody()
        back = provider.answers(leaves_to(somebody.client.post("/signin/oidc")), "ada")
        acme["settings"]["server_url"] = f"http://127.0.0.1:{free_port()}"
        assert comes_back(somebody, back).status_code == 401

    def test_and_one_that_talks_nonsense(self, acme, wire, settings):
        acme["settings"]["server_url"] = settings.EXECUTOR_URL
        wire.answer = answer(b"{}", "content-type: application/json")
        assert Somebody().client.post("/signin/oidc").status_code == 401

    @pytest.mark.parametrize("name", ["github", "google", "gitlab"])
    def test_one_that_is_not_set_up_is_not_there(self, name):
        assert Somebody().client.post(f"/signin/{name}").status_code == 404
        assert Somebody().client.get(f"/signin/{name}/callback", {"code": "x"}).status_code == 404
