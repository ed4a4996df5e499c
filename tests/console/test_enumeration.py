"""Whether somebody has an account is nobody's business: the answers are the same, and so is what is done."""

import re
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from console.accounts.actions import create_user
from console.accounts.audit import SYSTEM
from console.accounts.models import AuditEvent, User
from tests.console.entrance import PASSWORD, QUICK, Somebody, last_code, last_link

KNOWN, UNKNOWN = "ada@example.com", "eve@example.com"


@pytest.fixture(autouse=True)
def ada(db, settings):
    settings.PASSWORD_HASHERS = QUICK
    return create_user(KNOWN, password=PASSWORD, actor=SYSTEM)


def seen(answer: Any, email: str) -> tuple[int, str, list[str], str]:
    """All that a stranger gets, but for what differs each time anyway."""
    text = re.sub(
        r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"|nonce-[^\']+|<code>[0-9a-f]{16}</code>',
        "",
        answer.content.decode(),
    )
    return (
        answer.status_code,
        answer.get("Location", ""),
        sorted(answer.cookies),
        text.replace(email, "ADDRESS"),
    )


def both(what: Any) -> tuple[Any, Any]:
    """`what` for who has an account, and for who has none, each in a browser of their own."""
    return tuple(what(Somebody(), email) for email in (KNOWN, UNKNOWN))


def test_user_enumeration_by_sign_in():
    known, unknown = both(lambda somebody, email: seen(somebody.sign_in(email, "wrong" * 3), email))
    assert known == unknown
    assert "do not belong together" in known[3]


def test_user_enumeration_by_time(monkeypatch):
    """A password costs the same whether there is one to compare it with or not."""
    hashed: list[str] = []
    hasher = "django.contrib.auth.hashers.MD5PasswordHasher.encode"

    def encode(_self: object, password: str, salt: str) -> str:
        hashed.append(password)
        return f"md5${salt}$0"

    monkeypatch.setattr(hasher, encode)
    both(lambda somebody, email: somebody.sign_in(email, "wrong" * 3))
    assert len(hashed) == 2
    both(lambda somebody, email: somebody.sign_up(email, "three new words"))
    assert hashed.count("three new words") == 2


def test_user_enumeration_by_sign_up():
    def sign_up(somebody: Somebody, email: str) -> list[Any]:
        pages = [seen(somebody.sign_up(email), email)]
        pages += [
            seen(somebody.client.get(path), email)
            for path in ("/account/address/prove", "/signin", "/signup")
        ]
        pages.append(seen(somebody.client.post("/account/address/prove", {"action": "resend"}), email))
        pages += [seen(somebody.prove("wrong"), email) for _ in range(4)]
        return [*pages, seen(somebody.client.get("/signin"), email)]

    known, unknown = both(sign_up)
    assert known == unknown
    # A letter goes to the one address, and to the other: only who reads it learns which.
    assert [letter.to for letter in mail.outbox] == [[KNOWN], [UNKNOWN]]
    assert "There is one already" in str(mail.outbox[0].body)
    assert "Type this code" in str(mail.outbox[1].body)


def test_user_enumeration_by_sign_up_with_a_passkey():
    def sign_up(somebody: Somebody, email: str) -> list[Any]:
        return [
            seen(somebody.client.post("/signup/passkey", {"email": email}), email),
            seen(somebody.client.get("/account/address/prove"), email),
            seen(somebody.client.get("/signup/passkey/make"), email),
        ]

    known, unknown = both(sign_up)
    assert known == unknown


def test_user_enumeration_by_reset():
    known, unknown = both(lambda somebody, email: seen(somebody.ask_for_reset(email), email))
    assert known == unknown
    assert [letter.to for letter in mail.outbox] == [[KNOWN], [UNKNOWN]]
    assert "There is no account with it" in str(mail.outbox[1].body)


def test_user_enumeration_by_a_closed_account(ada):
    ada.is_active = False
    ada.save()
    known, unknown = both(lambda somebody, email: seen(somebody.sign_in(email, "wrong" * 3), email))
    assert known == unknown
    known, unknown = both(lambda somebody, email: seen(somebody.ask_for_reset(email), email))
    assert known == unknown


def test_user_enumeration_by_a_change_of_address():
    """Who is signed in is no better off: the code goes to the address, whoever has it."""
    other = create_user("bob@example.com", password=PASSWORD, actor=SYSTEM)
    found = []
    for email in (KNOWN, UNKNOWN):
        somebody = Somebody()
        somebody.sign_in(other.handle)
        somebody.confirm()
        answer = somebody.client.post("/account/address", {"email": email, "action_add": ""})
        found.append([seen(answer, email), seen(somebody.client.get("/account/address/prove"), email)])
    assert found[0] == found[1]
    assert [letter.to for letter in mail.outbox] == [[KNOWN], [UNKNOWN]]


def test_user_enumeration_by_a_passkey():
    asked = [
        Somebody()
        .client.get("/signin/passkey", headers={"accept": "application/json"})
        .json()["request_options"]
        for _ in range(2)
    ]
    assert [options["publicKey"].get("allowCredentials", []) for options in asked] == [[], []]


def test_what_is_done_differs_by_the_letter_alone():
    counts = []
    for email in (KNOWN, UNKNOWN):
        with CaptureQueriesContext(connection) as queries:
            Somebody().ask_for_reset(email)
        counts.append(
            len([query for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))])
        )
    assert counts[0] == counts[1]


class TestHijackBefore:
    """Somebody makes an account with another person's address, and waits for that person to come."""

    @pytest.fixture(autouse=True)
    def squatter(self):
        self.thief = Somebody()
        self.thief.sign_up(UNKNOWN, "chosen by a thief")
        # One letter each ten seconds: these have passed.
        cache.clear()

    def test_the_owner_is_told_and_takes_it_by_a_letter(self):
        owner = Somebody()
        owner.sign_up(UNKNOWN)
        assert "There is one already" in str(mail.outbox[-1].body)
        cache.clear()
        owner = Somebody()
        owner.ask_for_reset(UNKNOWN)
        link = last_link()
        answer = owner.reset(link, "three new words")
        assert answer["Location"] == "/account/address/prove"
        owner.prove(last_code())
        assert owner.is_signed_in()
        assert b"do not belong" in Somebody().sign_in(UNKNOWN, "chosen by a thief").content

    def test_the_owner_of_another_account_may_move_there(self, ada):
        owner = Somebody()
        owner.sign_in(KNOWN)
        owner.confirm()
        owner.client.post("/account/address", {"email": UNKNOWN, "action_add": ""})
        code = last_code()
        assert owner.prove(code)["Location"] == "/account/address"
        assert User.objects.get().email == UNKNOWN
        assert "user.drop" in AuditEvent.objects.values_list("action", flat=True)
        self.thief.prove(code)
        assert not self.thief.is_signed_in()
