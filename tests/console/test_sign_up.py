"""People make accounts, sign in and out; letters leave by jobs."""

import base64
import logging
import socket
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache

from console.accounts import vault
from console.accounts.actions import create_user
from console.accounts.audit import SYSTEM
from console.accounts.models import AuditEvent, User
from console.accounts.people import has_proved
from console.jobs.models import Job
from console.jobs.states import State
from console.jobs.work import work
from tests.clients.servers.mail import Mailbox
from tests.console.entrance import PASSWORD, Somebody, last_code
from tests.stack import free_port

ADDRESS = "ada@example.com"


@pytest.fixture(autouse=True)
def quick(db, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def ada():
    return create_user(ADDRESS, password=PASSWORD, actor=SYSTEM)


def events() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


def test_an_account_counts_when_its_address_is_proved():
    somebody = Somebody()
    assert somebody.sign_up("Ada@Example.com")["Location"] == "/account/address/prove"
    assert not somebody.is_signed_in()
    user = User.objects.get()
    assert (user.email, has_proved(user)) == (ADDRESS, False)
    assert mail.outbox[-1].to == [ADDRESS]
    assert somebody.prove("wrong").status_code == 200
    assert not somebody.is_signed_in()
    assert somebody.prove(last_code())["Location"] == "/"
    assert somebody.is_signed_in()
    assert has_proved(user)
    assert events() == ["user.sign-up", "user.prove-address", "user.sign-in"]
    assert AuditEvent.objects.filter(actor=ADDRESS, address="127.0.0.1").count() == 3


def test_a_code_is_good_only_where_it_was_asked_for():
    Somebody().sign_up(ADDRESS)
    other = Somebody()
    assert other.prove(last_code()).status_code == 302
    assert not other.is_signed_in()
    assert not EmailAddress.objects.get().verified


def test_codes_cannot_be_guessed():
    somebody = Somebody()
    somebody.sign_up(ADDRESS)
    code = last_code()
    for _ in range(3):
        somebody.prove("wrong")
    somebody.prove(code)
    assert not somebody.is_signed_in()


def test_who_left_before_the_code_gets_another_at_sign_in():
    Somebody().sign_up(ADDRESS)
    # One letter each ten seconds: these have passed.
    cache.clear()
    later = Somebody()
    assert later.sign_in(ADDRESS)["Location"] == "/account/address/prove"
    assert later.prove(last_code())["Location"] == "/"
    assert later.is_signed_in()


@pytest.mark.parametrize(("setting", "status"), [("open", 302), ("invited", 200), ("closed", 200)])
def test_who_may_sign_up_is_a_setting(settings, setting, status):
    settings.SIGNUP = setting
    assert Somebody().sign_up(ADDRESS).status_code == status
    assert User.objects.exists() == (setting == "open")
    assert (b"Make an account" in Somebody().client.get("/signin").content) == (setting == "open")


def test_signing_in_and_out(ada):
    somebody = Somebody()
    assert somebody.sign_in(ADDRESS.upper(), next="/account")["Location"] == "/account"
    assert somebody.is_signed_in()
    assert somebody.client.post("/signout")["Location"] == "/"
    assert not somebody.is_signed_in()
    assert events()[-2:] == ["user.sign-in", "user.sign-out"]


def test_a_closed_account_does_not_open(ada):
    ada.is_active = False
    ada.save()
    assert Somebody().sign_in(ADDRESS)["Location"] == "/signin/inactive"


class TestMail:
    @pytest.fixture(autouse=True)
    def by_job(self, settings):
        settings.EMAIL_BACKEND = "console.accounts.mail.Queued"

    @staticmethod
    def job() -> Job:
        Somebody().sign_up(ADDRESS)
        return Job.objects.get(kind="accounts.mail")

    def test_a_letter_waits_sealed(self):
        letter = self.job().payload["letter"]
        assert ADDRESS not in str(letter)
        assert vault.unseal(base64.b64decode(letter), "mail").count(ADDRESS) == 1

    def test_without_a_server_it_is_in_the_log(self, caplog):
        with caplog.at_level(logging.INFO, "console.mail"):
            assert work(self.job().pk)
        assert f"To: {ADDRESS}" in caplog.text
        assert "Type this code" in caplog.text

    def test_a_server_that_is_away_does_not_lose_it(self, settings):
        with socket.create_server(("127.0.0.1", 0)) as nobody:
            port = nobody.getsockname()[1]
        settings.SMTP = {"host": "127.0.0.1", "port": port}
        job = self.job()
        work(job.pk)
        job.refresh_from_db()
        assert (job.state, "refused" in job.error) == (State.QUEUED, True)

    def test_a_server_gets_it_whole(self, settings):
        box = Mailbox()
        server = Controller(box, hostname="127.0.0.1", port=free_port(), server_hostname="localhost")
        server.start()
        settings.SMTP = {"host": "127.0.0.1", "port": server.port}
        settings.DEFAULT_FROM_EMAIL = "Webtasks <webtasks@example.com>"
        job = self.job()
        work(job.pk)
        server.stop()
        content = box.envelopes[0].content
        assert isinstance(content, bytes)
        letter = message_from_bytes(content)
        assert (letter["From"], letter["To"]) == ("Webtasks <webtasks@example.com>", ADDRESS)
        assert letter.get_content_type() == "text/plain"
        assert "is your code for Webtasks" in letter["Subject"]
        job.refresh_from_db()
        assert job.state == State.DONE
