"""What a person's clients may do ends with a new password and from the page of sessions, and begins by showing who one is."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone
from oauth2_provider.models import AccessToken, Grant, RefreshToken

from console.accounts.logins import logins_of
from console.accounts.models import AuditEvent
from console.accounts.roles import Role
from tests.console.client import Webtasks, refused
from tests.console.entrance import PASSWORD, QUICK, Somebody
from tests.console.people import Person
from tests.console.test_login import Login, post_token

NEW = {"password1": "three new words", "password2": "three new words"}
SESSIONS = "/account/sessions"


@pytest.fixture(autouse=True)
def quick(db, settings):
    settings.PASSWORD_HASHERS = QUICK


@pytest.fixture
def bob(people) -> Person:
    """Who signed in by a password."""
    bob = people.bob(Role.DEVELOPER)
    bob.user.set_password(PASSWORD)
    bob.user.save()
    somebody = Somebody()
    somebody.sign_in(bob.user.email)
    return Person(bob.user, somebody.client)


def works(tokens: dict[str, Any]) -> bool:
    return bool(Webtasks(tokens["access_token"]).get("webtask/acme").status_code == 200)


def renewed(tokens: dict[str, Any]) -> Any:
    sent = {"client_id": "wt-cli", "refresh_token": tokens["refresh_token"]}
    return post_token(grant_type="refresh_token", **sent)


def by_page(bob: Person) -> None:
    form = {"oldpassword": PASSWORD, **NEW}
    assert bob.client.post("/account/password", form).status_code == 302


def by_letter(bob: Person) -> None:
    somebody = Somebody()
    somebody.ask_for_reset(bob.user.handle)
    somebody.reset(str(mail.outbox[-1].body).split("there:\n\n")[1].split()[0], "three new words")


def by_ending_all(bob: Person) -> None:
    assert bob.client.post(SESSIONS).status_code == 302


@pytest.mark.parametrize("end", [by_page, by_letter, by_ending_all])
def test_all_logins_end(people, alice, bob, end):
    others = Login(alice).tokens()
    login, tokens = Login(bob), Login(bob).tokens()
    code = login.answer()["code"]
    assert works(tokens)
    end(bob)
    assert refused(Webtasks(tokens["access_token"]).get("webtask/acme"), 403) == "token is revoked"
    assert renewed(tokens).status_code == 400
    assert login.exchange(code).status_code == 400
    for kind in (AccessToken, RefreshToken, Grant):
        assert not kind.objects.filter(user=bob.user).exists()
    assert works(others)
    assert renewed(others).status_code == 200
    event = AuditEvent.objects.get(action="login.end")
    assert (event.person_key, event.detail) == (bob.user.pk, {"before": {"client": "wt-cli"}})


class TestPage:
    def test_it_lists_clients_and_ends_one(self, bob):
        laptop, desktop = Login(bob, "openid wt:owner:acme").tokens(), Login(bob).tokens()
        first, second = reversed(logins_of(bob.user))
        page = bob.client.get(SESSIONS).content.decode()
        assert page.count("The webtask command line, in acme") == 2
        assert page.count("Since just now, last renewed just now") == 2
        assert bob.client.post(SESSIONS, {"login": first.number}).status_code == 302
        assert [works(laptop), works(desktop)] == [False, True]
        assert renewed(laptop).status_code == 400
        assert logins_of(bob.user) == [second]
        assert AuditEvent.objects.filter(action="login.end").count() == 1

    def test_a_renewed_one_is_as_old_as_it_was_and_ends_with_all_before(self, bob):
        tokens = Login(bob).tokens()
        RefreshToken.objects.update(created=timezone.now() - timedelta(days=3))
        fresh = renewed(tokens).json()
        assert "Since 3 days ago, last renewed just now" in bob.client.get(SESSIONS).content.decode()
        (login,) = logins_of(bob.user)
        bob.client.post(SESSIONS, {"login": login.number})
        assert not works(fresh)
        # Also the one before, which may be asked for again for a minute.
        assert [renewed(fresh).status_code, renewed(tokens).status_code] == [400, 400]

    @pytest.mark.parametrize("number", ["", "0", "x", "-1"])
    def test_what_is_none_of_ones_own_is_not_ended(self, alice, bob, number):
        others = Login(alice).tokens()
        theirs = number or str(logins_of(alice.user)[0].number)
        bob.client.post(SESSIONS, {"login": theirs})
        assert works(others)
        assert "command line" not in bob.client.get(SESSIONS).content.decode()
        assert not AuditEvent.objects.filter(action="login.end").exists()


class TestConsent:
    def age(self, bob: Person) -> None:
        """Since they signed in, time has gone by."""
        session = bob.client.session
        for record in session["account_authentication_methods"]:
            record["at"] -= 600
        session.save()

    def test_whoever_just_signed_in_is_not_asked_again(self, bob):
        assert works(Login(bob).tokens())

    def test_an_open_session_alone_does_not_do(self, bob):
        login = Login(bob)
        html = login.page()
        self.age(bob)
        asked = login.page()
        assert (asked.status_code, asked["Location"].startswith("/account/confirm?next=%2Fauthorize")) == (
            302,
            True,
        )
        allow = bob.client.post(f"/authorize?{html.wsgi_request.GET.urlencode()}", {"allow": "true"})
        assert allow["Location"].startswith("/account/confirm?next=%2Fauthorize")
        assert not Grant.objects.exists()
        back = bob.client.post(allow["Location"], {"password": "wrong"})
        assert back.status_code == 200
        back = bob.client.post(allow["Location"], {"password": PASSWORD})
        assert back["Location"].startswith("/authorize?")
        assert b'name="allow"' in bob.client.get(back["Location"]).content
        assert works(login.tokens())


@pytest.mark.django_db(transaction=True)
def test_executors_forget_what_a_client_might_run(bob, listener):
    link = listener.link()
    link.say(t="hello", executor="node-1", boot="boot-1")
    link.until("welcome")
    Login(bob).tokens()
    (login,) = logins_of(bob.user)
    with ThreadPoolExecutor(1) as threads:
        done = threads.submit(bob.client.post, SESSIONS, {"login": login.number})
        heard = link.until("change")
        link.say(t="applied", change=heard["change"])
        assert done.result().status_code == 302
        threads.submit(connection.close)
    assert heard["token"] == f"login:{bob.user.email}"
    link.close()
