"""A guest keeps what they made: by an address of their own, or in the account that they have."""

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from console.accounts.access import membership
from console.accounts.actions import create_team, create_user
from console.accounts.audit import SYSTEM
from console.accounts.guests import drop_over
from console.accounts.models import AuditEvent, Team, User
from console.accounts.people import has_proved
from console.accounts.roles import TABLE, Role
from console.webtasks import deployments
from console.webtasks.models import Collaborator, Draft, LogLine, Version, Webtask
from executor.contract import Limits
from tests.console.entrance import PASSWORD, Guest, Somebody, last_code

ADDRESS = "ada@example.com"
TYPED = "// typed a moment ago"


@pytest.fixture(autouse=True)
def quick(db, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def guest():
    """With something of everything."""
    one = Guest()
    one.open()
    hello = "/webtasks/hello"
    one.api("patch", f"{hello}/secrets", {"secrets": {"KEY": "value"}})
    one.api("put", f"{hello}/storage", {"data": "[1]"}, if_none_match="*")
    one.api("put", f"{hello}/draft", {"code": TYPED, "base": 1}, if_none_match="*")
    webtask = Webtask.objects.get()
    LogLine.objects.create(
        team=one.team, webtask=webtask, label="v1", time=one.team.created_at, level="info", text="said"
    )
    return one


@pytest.fixture
def ada():
    person = create_user(ADDRESS, password=PASSWORD, actor=SYSTEM)
    create_team("ada", "Ada", owner=person, actor=SYSTEM)
    return person


def all_of(client: Client, team: str) -> list[Any]:
    """Whatever must not be lost."""
    path = f"/api/teams/{team}/webtasks/hello"
    webtask = client.get(path).json()
    found = deployments.find(team, "hello", "")
    return [
        webtask["url"],
        webtask["live"]["digest"],
        webtask["live"]["number"],
        webtask["draft"],
        client.get(f"{path}/secrets").json(),
        client.get(f"{path}/storage").json()["data"],
        client.get(f"{path}/logs").json(),
        found.secrets,
        found.files,
    ]


class TestByAnAddress:
    def test_it_is_theirs_for_good_and_nothing_is_lost(self, guest):
        user, team, before = guest.user, guest.team, all_of(guest.client, guest.team.slug)
        assert before[3]["code"] == TYPED
        asked = guest.keep("Ada@Example.com", next=f"/t/{team}/hello")
        assert asked["Location"] == f"/account/address/prove?next=%2Ft%2F{team}%2Fhello"
        proved = guest.client.post(asked["Location"], {"code": last_code(), "action": "verify"})
        assert proved["Location"] == f"/t/{team}/hello"
        assert guest.user == user
        assert (guest.user.email, has_proved(user)) == (ADDRESS, True)
        assert (guest.team.slug, guest.team.expires_at, guest.team.limits) == (team.slug, None, {})
        assert all_of(guest.client, team.slug) == before
        found = deployments.find(team.slug, "hello", "")
        assert (found.limits, found.expires) == (Limits(), None)
        held = membership(guest.user, team.slug)
        assert held
        assert held.role == Role.OWNER
        event = AuditEvent.objects.get(action="guest.keep")
        assert (event.actor, event.object) == (ADDRESS, team.slug)
        assert event.detail == {"was": f"guest {user.pk}"}

    def test_they_may_what_an_owner_may_and_are_told_no_more_that_it_ends(self, guest):
        guest.keep(ADDRESS)
        guest.prove(last_code())
        boot = guest.client.get(f"/t/{guest.team}/hello").context["boot"]
        assert set(boot["webtask"]["allowed"]) == set(TABLE[Role.OWNER])
        assert (boot["guest"], "for good" in boot["notice"]) == (None, True)
        assert b"wt-stay" not in guest.client.get(f"/t/{guest.team}").content

    def test_they_sign_in_with_it(self, guest):
        guest.keep(ADDRESS)
        guest.prove(last_code())
        somebody = Somebody()
        assert somebody.sign_in(ADDRESS)["Location"] == "/"
        assert somebody.client.get("/")["Location"] == f"/t/{guest.team}"

    def test_nothing_changes_before_the_code_is_typed(self, guest):
        stranger = Somebody()
        other = create_user("dora@example.com", password=None, actor=SYSTEM)
        team = create_team("acme", "Acme", owner=other, actor=SYSTEM)
        shared = Webtask.objects.create(team=team, name="secret")
        Collaborator.objects.create(webtask=shared, email=ADDRESS, rights=["code"])
        until = guest.team.expires_at
        guest.keep(ADDRESS)
        for code in ("wrong", ""):
            guest.prove(code)
        assert (guest.user.email, guest.team.expires_at) == (None, until)
        assert guest.api("get", "/webtasks").status_code == 200
        # What was typed is nobody's yet, and nothing that is shared with that address is theirs.
        assert guest.client.get("/api/teams/acme/webtasks/secret").status_code == 404
        assert stranger.sign_in(ADDRESS).status_code == 200

    def test_codes_cannot_be_guessed(self, guest):
        guest.keep(ADDRESS)
        code = last_code()
        for _ in range(3):
            guest.prove("wrong")
        guest.prove(code)
        assert guest.user.is_guest

    def test_the_session_has_a_new_key_that_lasts(self, guest):
        known = guest.session
        guest.keep(ADDRESS)
        guest.prove(last_code())
        assert guest.session != known
        assert guest.client.session.get_expiry_age() > 7 * 86_400
        thief = Client(headers={"cookie": f"webtasks_session={known}"})
        assert thief.get(f"/t/{guest.team}/hello").status_code == 302

    def test_the_guests_cookie_opens_nothing_any_more(self, guest):
        cookie = guest.client.cookies["webtasks_guest"].value
        guest.keep(ADDRESS)
        guest.prove(last_code())
        thief = Guest()
        thief.client.cookies["webtasks_guest"] = cookie
        thief.open()
        assert thief.team != guest.team

    def test_it_does_not_tell_who_has_an_account(self, guest, ada):
        fresh = Guest()
        fresh.open()
        pages = []
        for one, address in ((guest, ADDRESS), (fresh, "new@example.com")):
            asked = one.keep(address)
            shown = one.client.get(asked["Location"]).content.decode()
            wrong = one.prove("wrong").content.decode()
            resent = one.client.post("/account/address/prove", {"action": "resend"})
            words = (shown + wrong).replace(address, "A").replace(one.team.slug, "T")
            words = re.sub(r'(value|nonce)="[^"]{16,}"', "", words)
            location = asked["Location"].replace(one.team.slug, "T")
            pages.append((asked.status_code, location, words, resent.status_code))
        assert pages[0] == pages[1]
        letters = {letter.to[0]: str(letter.body) for letter in mail.outbox}
        assert "There is one already" in letters[ADDRESS]
        assert guest.user.is_guest
        assert all_of(guest.client, guest.team.slug)[3]["code"] == TYPED

    def test_whoever_only_typed_it_gives_way(self, guest):
        guest.keep(ADDRESS)
        code = last_code()
        # One letter each ten seconds: these have passed.
        cache.clear()
        Somebody().sign_up(ADDRESS)
        team = guest.team
        assert guest.prove(code).status_code == 302
        team.refresh_from_db()
        assert (team.expires_at, User.objects.get(email=ADDRESS)) == (None, guest.user)
        assert all_of(guest.client, team.slug)[3]["code"] == TYPED

    def test_what_another_took_meanwhile_is_not_theirs(self, guest):
        guest.keep(ADDRESS)
        code = last_code()
        create_user(ADDRESS, password=PASSWORD, actor=SYSTEM)
        assert guest.prove(code).status_code in (200, 302)
        assert guest.user.is_guest
        assert guest.team.expires_at
        assert not User.objects.get(email=ADDRESS).teams.exists()
        assert all_of(guest.client, guest.team.slug)[3]["code"] == TYPED

    def test_a_passkey_instead(self, guest):
        team = guest.team
        page = guest.client.get("/keep?by=passkey")
        assert b'type="password"' not in page.content
        asked = guest.client.post("/keep?by=passkey", {"email": ADDRESS})
        proved = guest.client.post(asked["Location"], {"code": last_code(), "action": "verify"})
        assert proved["Location"] == "/account/passkeys/add"
        # At once, with nothing to confirm by: the address was proved a moment ago.
        assert guest.client.get(proved["Location"]).status_code == 200
        assert not guest.user.has_usable_password()
        assert (guest.team, guest.team.expires_at) == (team, None)

    @pytest.mark.parametrize("password", ["short", "password123", ""])
    def test_a_bad_password_is_told(self, guest, password):
        assert guest.keep(ADDRESS, password).status_code == 400
        assert mail.outbox == []

    def test_so_often(self, guest):
        answers = [guest.keep(f"a{count}@example.com").status_code for count in range(21)]
        assert answers == [302] * 20 + [429]

    def test_where_nobody_may_make_an_account_it_is_not_made(self, guest, settings):
        settings.SIGNUP = "closed"
        assert b"E-mail address" not in guest.client.get("/keep").content
        guest.keep(ADDRESS)
        assert mail.outbox == []

    def test_it_leads_nowhere_else(self, guest):
        asked = guest.keep(ADDRESS, next="https://evil.example/")
        assert asked["Location"] == f"/account/address/prove?next=%2Ft%2F{guest.team}"

    def test_who_is_no_guest_has_nothing_to_keep(self, ada):
        person = Somebody()
        assert person.client.get("/keep")["Location"] == "/new"
        person.sign_in(ADDRESS)
        assert person.client.get("/keep")["Location"] == "/"
        assert person.client.post("/keep/in-account")["Location"] == "/signin"


class TestInAnAccount:
    def test_whoever_signs_in_has_it_and_nothing_is_lost(self, guest, ada):
        team, was, before = guest.team, guest.user, all_of(guest.client, guest.team.slug)
        asked = guest.client.post("/keep/in-account", {"next": f"/t/{team}/hello"})
        assert asked["Location"] == f"/signin?next=%2Ft%2F{team}%2Fhello"
        assert b"moves to your account" in guest.client.get(asked["Location"]).content
        assert guest.sign_in(ADDRESS, next=f"/t/{team}/hello")["Location"] == f"/t/{team}/hello"
        assert guest.user == ada
        assert [one.slug for one in ada.teams.order_by("slug")] == ["ada", team.slug]
        assert all_of(guest.client, team.slug) == before
        kept = Team.objects.get(pk=team.pk)
        assert (kept.expires_at, kept.limits) == (None, {})
        assert Version.objects.get().author == Draft.objects.get().user == ada
        assert not User.objects.filter(pk=was.pk).exists()
        event = AuditEvent.objects.get(action="guest.adopt")
        assert (event.actor, event.team, event.detail) == (ADDRESS, team.slug, {"was": was.handle})

    def test_who_does_not_sign_in_goes_back_to_it(self, guest):
        team = guest.team
        guest.hand_over()
        assert guest.client.get(f"/t/{team}/hello").status_code == 302
        guest.open()
        assert (guest.team, guest.user.is_guest) == (team, True)

    def test_a_wrong_password_moves_nothing(self, guest, ada):
        guest.hand_over()
        guest.sign_in(ADDRESS, "wrong")
        assert [one.slug for one in ada.teams.all()] == ["ada"]

    def test_who_signs_in_without_having_asked_gets_nothing(self, guest, ada):
        guest.client.post("/signout")
        guest.sign_in(ADDRESS)
        assert [one.slug for one in ada.teams.all()] == ["ada"]

    def test_who_sits_down_later_gets_nothing(self, guest, ada, monkeypatch):
        guest.hand_over()
        later = time.time() + 1900
        monkeypatch.setattr("console.accounts.keeping.time.time", lambda: later)
        guest.sign_in(ADDRESS)
        assert [one.slug for one in ada.teams.all()] == ["ada"]

    def test_a_new_account_will_do(self, guest):
        team = guest.team
        guest.hand_over()
        guest.sign_up(ADDRESS)
        guest.prove(last_code())
        assert (guest.team, guest.user.email) == (team, ADDRESS)

    def test_what_was_over_meanwhile_is_told(self, guest, ada):
        Team.objects.filter(pk=guest.team.pk).update(expires_at=timezone.now() + timedelta(minutes=1))
        guest.hand_over()
        drop_over(timezone.now() + timedelta(minutes=2))
        guest.sign_in(ADDRESS)
        assert b"it is gone" in guest.client.get("/t/ada").content
        assert not AuditEvent.objects.filter(action="guest.adopt").exists()
