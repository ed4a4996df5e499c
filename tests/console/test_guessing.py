"""Whoever guesses passwords and codes, or tries one twice."""

import re

import pytest
from allauth.core.internal import ratelimit
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client

from console.accounts.actions import create_user
from console.accounts.audit import SYSTEM
from console.accounts.models import AuditEvent
from console.accounts.tasks import forget
from tests.console.entrance import (
    PASSWORD,
    QUICK,
    Somebody,
    app_code,
    last_code,
    last_link,
)

ADDRESS = "ada@example.com"
LOCKED = "Too many attempts"


@pytest.fixture(autouse=True)
def quick(db, settings):
    settings.PASSWORD_HASHERS = QUICK


@pytest.fixture
def ada():
    return create_user(ADDRESS, password=PASSWORD, actor=SYSTEM)


class Clock:
    """That of the counts and of the apps; it only goes when it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1_800_000_000.0
        for module in (ratelimit, totp):
            monkeypatch.setattr(module.time, "time", lambda: self.now)

    def pass_(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


def guess(times: int, email: str = ADDRESS, *, addresses: int = 1) -> list[bool]:
    """Wrong passwords from a stranger's browser, or many; whether each was still looked at."""
    tried = []
    for number in range(times):
        address = f"203.0.113.{number % addresses}"
        tried.append(LOCKED not in Somebody().sign_in(email, "wrong" * 3, address=address).content.decode())
    return tried


class TestBruteForce:
    def test_of_a_password_is_limited_for_the_account(self, ada, clock):
        assert guess(7, addresses=7) == [True] * 5 + [False] * 2
        # Not even the right one, for a browser that nobody knows.
        assert LOCKED in Somebody().sign_in(ADDRESS, address="203.0.113.99").content.decode()

    def test_of_passwords_is_limited_for_the_address(self, clock):
        tried = [guess(1, f"{number}@example.com")[0] for number in range(12)]
        assert tried == [True] * 10 + [False] * 2

    def test_of_a_password_is_limited_for_a_day(self, ada, clock):
        looked = 0
        for _ in range(20):
            looked += sum(guess(5, addresses=5))
            clock.pass_(301)
        assert looked == 40

    def test_right_ones_in_between_do_not_help(self, ada, clock):
        other = create_user("eve@example.com", password=PASSWORD, actor=SYSTEM)
        for _ in range(5):
            guess(1)
            assert Somebody().sign_in(other.handle).status_code == 302
        assert guess(1) == [False]

    def test_of_codes_is_limited_for_the_person(self, ada, clock):
        owner = Somebody()
        owner.sign_in(ADDRESS)
        secret, _ = owner.turn_codes_on()
        clock.pass_(60)
        answers = []
        for number in range(7):
            thief = Somebody()
            thief.sign_in(ADDRESS)
            sent = thief.client.post("/signin/code", {"code": "000000"}, REMOTE_ADDR=f"203.0.113.{number}")
            answers.append(LOCKED not in sent.content.decode())
        assert answers == [True] * 5 + [False] * 2
        thief.client.post("/signin/code", {"code": app_code(secret)}, REMOTE_ADDR="203.0.113.77")
        assert not thief.is_signed_in()
        assert AuditEvent.objects.filter(action="user.factor.refuse", object=ADDRESS).count() == 5

    def test_of_a_letters_code_ends_after_three(self):
        somebody = Somebody()
        somebody.sign_up(ADDRESS)
        code = last_code()
        for _ in range(3):
            somebody.prove("wrong")
        somebody.prove(code)
        assert not somebody.is_signed_in()

    def test_of_letters_codes_is_limited_for_the_address(self, clock):
        """New codes would be new chances: ten in an hour, by however many sign-ups."""
        sent = []
        for number in range(12):
            sent.append(Client().post("/signup", form(), REMOTE_ADDR=f"203.0.113.{number}").status_code)
            clock.pass_(11)
        assert sent == [302] * 10 + [429] * 2
        assert len(mail.outbox) == 10

    def test_of_a_reset_is_limited_for_the_account_and_the_address(self, ada, clock):
        asked = [
            Client().post("/account/password/reset", {"email": ADDRESS}, REMOTE_ADDR=f"203.0.113.{number}")
            for number in range(5)
        ]
        assert [answer.status_code for answer in asked] == [302] * 3 + [429] * 2
        many = [Somebody().ask_for_reset(f"{number}@example.com").status_code for number in range(22)]
        assert many == [302] * 20 + [429] * 2
        assert asked[-1]["Retry-After"] == "300"

    def test_of_a_links_key_is_refused(self, ada):
        Somebody().ask_for_reset(ADDRESS)
        link = last_link()
        other = link[:-1] + ("a" if link[-1] != "a" else "b")
        for wrong in (other, re.sub(r"/(\w+)-", "/zz-", link), "/account/password/reset/1-set-password"):
            assert b"no longer good" in Somebody().client.get(wrong).content
            assert Somebody().client.post(wrong, {"password1": "x", "password2": "x"}).status_code == 200
        ada.refresh_from_db()
        assert ada.check_password(PASSWORD)

    def test_counts_are_forgotten_when_they_no_longer_count(self, ada, clock):
        assert guess(6, addresses=6)[-1] is False
        clock.pass_(301)
        forget()
        assert guess(1) == [True]


class TestLockOut:
    """A stranger who knows an address cannot keep its owner out."""

    @pytest.fixture(autouse=True)
    def locked(self, ada, clock):
        self.known = Somebody()
        self.known.sign_in(ADDRESS)
        self.known.client.post("/signout")
        for _ in range(10):
            guess(5, addresses=5)
            clock.pass_(301)
        assert guess(1) == [False]

    def test_a_browser_that_is_known_goes_on(self):
        assert self.known.sign_in(ADDRESS).status_code == 302
        assert self.known.is_signed_in()

    def test_which_is_limited_itself(self):
        tried = [self.known.sign_in(ADDRESS, "wrong" * 3).content.decode() for _ in range(7)]
        assert [LOCKED in text for text in tried] == [False] * 5 + [True] * 2

    def test_what_makes_it_known_cannot_be_made_up_nor_be_another_persons(self):
        other = create_user("eve@example.com", password=PASSWORD, actor=SYSTEM)
        eve = Somebody()
        eve.sign_in(other.handle)
        eve.client.post("/signout")
        assert LOCKED in eve.sign_in(ADDRESS).content.decode()
        eve.client.cookies["webtasks_familiar"] = "WyJ4IiwieSJd:1x:y"
        assert LOCKED in eve.sign_in(ADDRESS).content.decode()

    def test_a_letter_leads_in_and_ends_the_lock(self):
        owner = Somebody()
        owner.ask_for_reset(ADDRESS)
        assert owner.reset(last_link(), "three new words")["Location"] == "/"
        assert owner.is_signed_in()
        assert Somebody().sign_in(ADDRESS, "three new words", address="198.51.100.1").status_code == 302


class TestReplay:
    @pytest.fixture
    def owner(self, ada):
        somebody = Somebody()
        somebody.sign_in(ADDRESS)
        return somebody

    def test_totp_replay(self, owner, clock):
        """A code works once: to turn codes on, to sign in, to confirm; not after its half minute either."""
        secret, _ = owner.turn_codes_on()
        used = app_code(secret)
        assert self.refused(used)
        clock.pass_(30)
        assert self.refused(used)
        fresh = app_code(secret)
        assert not self.refused(fresh)
        assert self.refused(fresh)
        assert b"not a code that works" in owner.client.post("/account/confirm/code", {"code": fresh}).content
        for _ in range(3):
            clock.pass_(29)
            assert self.refused(fresh)

    def test_a_clock_that_is_half_a_minute_off_is_no_hindrance(self, owner, clock):
        secret, _ = owner.turn_codes_on()
        clock.pass_(90)
        assert not self.refused(app_code(secret, periods=-1))
        assert not self.refused(app_code(secret, periods=1))
        assert self.refused(app_code(secret, periods=-2))

    def test_recovery_code_replay(self, owner):
        _, codes = owner.turn_codes_on()
        assert len(codes) == 10
        assert not self.refused(codes[3])
        assert self.refused(codes[3])
        assert b"9 of 10 are left" in owner.client.get("/account/recovery-codes").content

    def test_recovery_codes_are_shown_once(self, owner):
        _, codes = owner.turn_codes_on()
        again = owner.client.get("/account/recovery-codes").content.decode()
        assert [code for code in codes if code in again] == []
        assert owner.client.post("/account/recovery-codes/make")["Location"] == "/account/recovery-codes"
        new = re.findall(r"<li>(\d{8})</li>", owner.client.get("/account/recovery-codes").content.decode())
        assert len(set(new) - set(codes)) == 10
        assert self.refused(codes[0])

    def test_reset_link_replay(self, ada):
        somebody = Somebody()
        somebody.ask_for_reset(ADDRESS)
        link = last_link()
        somebody.reset(link, "three new words")
        assert b"no longer good" in Somebody().client.get(link).content

    @staticmethod
    def refused(code: str) -> bool:
        """Whether a browser that knows the password is kept out."""
        somebody = Somebody()
        somebody.sign_in(ADDRESS, address="198.51.100.7")
        somebody.client.post("/signin/code", {"code": code}, REMOTE_ADDR=f"203.0.113.{int(code) % 250}")
        return not somebody.is_signed_in()


def form(email: str = ADDRESS) -> dict[str, str]:
    return {"email": email, "password1": PASSWORD}
