"""A person's own pages: address, password, passkeys, sessions, and the end of the account."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache

from console.accounts.actions import create_user, issue_key
from console.accounts.audit import SYSTEM, Actor
from console.accounts.models import AuditEvent, Kind, Member, Token, User
from console.accounts.people import has_proved
from console.accounts.principals import Person
from console.accounts.roles import Role
from console.accounts.terms import Terms
from tests.console.device import Device
from tests.console.entrance import PASSWORD, QUICK, Somebody, last_code, options_of

ADDRESS, NEW = "ada@example.com", "countess@example.com"


@pytest.fixture(autouse=True)
def quick(db, settings):
    settings.PASSWORD_HASHERS = QUICK


@pytest.fixture
def ada():
    return create_user(ADDRESS, password=PASSWORD, actor=SYSTEM)


@pytest.fixture
def owner(ada):
    somebody = Somebody()
    somebody.sign_in(ADDRESS)
    return somebody


def events(action: str) -> list[dict[str, object]]:
    return list(AuditEvent.objects.filter(action=action).order_by("pk").values_list("detail", flat=True))


class TestAddress:
    def change(self, somebody: Somebody) -> None:
        somebody.confirm()
        somebody.client.post("/account/address", {"email": NEW, "action_add": ""})

    def test_a_new_one_counts_when_it_is_proved(self, owner, ada):
        self.change(owner)
        ada.refresh_from_db()
        assert ada.email == ADDRESS
        assert owner.prove(last_code())["Location"] == "/account/address"
        ada.refresh_from_db()
        assert (ada.email, has_proved(ada)) == (NEW, True)
        assert ada.emailaddress_set.count() == 1
        assert events("user.address") == [{"before": {"address": ADDRESS}, "after": {"address": NEW}}]
        assert Somebody().sign_in(NEW).status_code == 302
        assert b"do not belong" in Somebody().sign_in(ADDRESS).content

    def test_the_old_one_is_told(self, owner):
        self.change(owner)
        owner.prove(last_code())
        assert (mail.outbox[-1].to, mail.outbox[-1].subject) == ([ADDRESS], "Your address was changed")

    def test_it_takes_showing_once_more_who_one_is(self, owner):
        answer = owner.client.post("/account/address", {"email": NEW, "action_add": ""})
        assert answer["Location"] == "/account/confirm?next=%2Faccount%2Faddress"
        assert mail.outbox == []
        # And then goes on as if nothing had come in between.
        answer = owner.client.post("/account/confirm", {"password": PASSWORD, "next": "/account/address"})
        assert answer["Location"] == "/account/address/prove"
        assert mail.outbox[-1].to == [NEW]

    def test_three_wrong_codes_end_it(self, owner, ada):
        self.change(owner)
        code = last_code()
        answers = [owner.prove("wrong") for _ in range(3)]
        assert answers[-1]["Location"] == "/account/address"
        assert b"Three wrong codes" in owner.client.get("/account/address").content
        owner.prove(code)
        ada.refresh_from_db()
        assert ada.email == ADDRESS

    def test_another_code_can_be_had_after_a_moment(self, owner):
        self.change(owner)
        first = last_code()
        again = {"action": "resend"}
        assert owner.client.post("/account/address/prove", again)["Location"] == "/account/address/prove"
        assert b"Wait a little" in owner.client.get("/account/address/prove").content
        cache.clear()
        owner.client.post("/account/address/prove", again)
        assert last_code() != first
        assert owner.prove(first).status_code == 200
        assert owner.prove(last_code()).status_code == 302


class TestPassword:
    NEW = {"password1": "three new words", "password2": "three new words"}

    def test_a_new_one_ends_all_other_sessions(self, owner):
        other = Somebody()
        other.sign_in(ADDRESS)
        assert (
            owner.client.post("/account/password", {"oldpassword": PASSWORD, **self.NEW}).status_code == 302
        )
        assert owner.is_signed_in()
        assert not other.is_signed_in()
        assert mail.outbox[-1].subject == "Your password was changed"
        assert len(events("user.password")) == 1

    def test_by_a_letter_too(self, owner):
        reset = Somebody()
        reset.ask_for_reset(ADDRESS)
        reset.reset(str(mail.outbox[-1].body).split("there:\n\n")[1].split()[0], "three new words")
        assert reset.is_signed_in()
        assert not owner.is_signed_in()

    def test_the_old_one_is_asked_for(self, owner):
        answer = owner.client.post("/account/password", {"oldpassword": "wrong", **self.NEW})
        assert b"not your current password" in answer.content

    @pytest.mark.parametrize("weak", ["short", "password123", "ada@example.com"])
    def test_a_weak_one_is_refused(self, owner, weak):
        form = {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
        assert owner.client.post("/account/password", form).status_code == 200
        assert Somebody().sign_up(ADDRESS, weak).status_code == 200

    def test_who_has_none_sets_one_after_showing_a_passkey(self):
        device = Device()
        somebody = signed_up_by_passkey(device)
        assert somebody.client.get("/account/password")["Location"] == "/account/password/set"
        asked = somebody.client.post("/account/password/set", self.NEW)
        assert asked["Location"].startswith("/account/confirm/passkey")
        page = somebody.client.get(asked["Location"])
        somebody.client.post("/account/confirm/passkey", {"credential": device.prove(options_of(page))})
        assert somebody.client.post("/account/password/set", self.NEW).status_code == 302
        assert User.objects.get().check_password("three new words")


def signed_up_by_passkey(device: Device) -> Somebody:
    somebody = Somebody()
    somebody.client.post("/signup/passkey", {"email": ADDRESS})
    assert somebody.prove(last_code())["Location"] == "/signup/passkey/make"
    page = somebody.client.get("/signup/passkey/make")
    form = {"name": "Laptop", "credential": device.make(options_of(page))}
    assert somebody.client.post("/signup/passkey/make", form)["Location"] == "/"
    return somebody


class TestPasskeys:
    def test_signing_up_and_in_with_one_alone(self):
        device = Device()
        signed_up_by_passkey(device)
        again = Somebody()
        assert again.show_passkey(device, next="/account")["Location"] == "/account"
        assert again.is_signed_in()
        assert not User.objects.get().has_usable_password()
        assert events("user.sign-in")[-1] == {"by": ["webauthn"]}

    def test_the_last_way_in_is_not_removed(self):
        device = Device()
        somebody = signed_up_by_passkey(device)
        page = somebody.client.get("/account/confirm/passkey")
        somebody.client.post("/account/confirm/passkey", {"credential": device.prove(options_of(page))})
        key = Authenticator.objects.get()
        path = f"/account/passkeys/{key.pk}/remove"
        assert b"is your only way in" in somebody.client.get(path).content
        assert somebody.client.post(path).status_code == 409
        assert Authenticator.objects.filter(pk=key.pk).exists()
        somebody.client.post("/account/password/set", TestPassword.NEW)
        somebody.confirm("three new words")
        assert somebody.client.post(path).status_code == 302
        assert not Authenticator.objects.filter(pk=key.pk).exists()

    def test_beside_a_password_it_is_asked_for_too(self, owner):
        device = Device()
        assert owner.add_passkey(device)["Location"] == "/account/recovery-codes"
        somebody = Somebody()
        assert somebody.sign_in(ADDRESS)["Location"] == "/signin/code"
        page = somebody.client.get("/signin/code")
        somebody.client.post("/signin/code", {"credential": device.prove(options_of(page))})
        assert somebody.is_signed_in()

    def test_anothers_is_not_there(self, owner):
        device = Device()
        owner.add_passkey(device)
        key = Authenticator.objects.get(type="webauthn")
        other = Somebody()
        create_user(NEW, password=PASSWORD, actor=SYSTEM)
        other.sign_in(NEW)
        other.confirm()
        for way in ("rename", "remove"):
            assert other.client.get(f"/account/passkeys/{key.pk}/{way}").status_code == 404
            assert other.client.post(f"/account/passkeys/{key.pk}/{way}", {"name": "x"}).status_code == 404


class TestSessions:
    def test_one_elsewhere_is_ended(self, owner):
        other = Somebody()
        other.client.defaults["HTTP_USER_AGENT"] = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"
        other.sign_in(ADDRESS, address="203.0.113.7")
        page = owner.client.get("/account/sessions").content.decode()
        assert "Firefox on Linux" in page
        assert "203.0.113.7" in page
        there = UserSession.objects.get(ip="203.0.113.7")
        owner.client.post("/account/sessions", {"session": there.pk})
        assert not other.is_signed_in()
        assert owner.is_signed_in()
        told = {"address": "203.0.113.7", "browser": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
        assert events("user.session.end") == [{"before": told}]

    def test_all_others_are_ended(self, owner):
        others = [Somebody(), Somebody()]
        for other in others:
            other.sign_in(ADDRESS)
        owner.client.post("/account/sessions")
        assert [other.is_signed_in() for other in [*others, owner]] == [False, False, True]

    def test_anothers_is_not(self, owner):
        create_user(NEW, password=PASSWORD, actor=SYSTEM)
        other = Somebody()
        other.sign_in(NEW)
        owner.client.post("/account/sessions", {"session": UserSession.objects.get(user__email=NEW).pk})
        owner.client.post("/account/sessions", {"session": 0})
        owner.client.post("/account/sessions")
        assert other.is_signed_in()


class TestClosing:
    def close(self, somebody: Somebody, typed: str = ADDRESS) -> int:
        somebody.confirm()
        status: int = somebody.client.post("/account/close", {"email": typed}).status_code
        return status

    def test_it_takes_showing_who_one_is_and_the_address(self, owner):
        answer = owner.client.post("/account/close", {"email": ADDRESS})
        assert answer["Location"].startswith("/account/confirm")
        assert self.close(owner, "ada") == 400
        assert User.objects.exists()

    def test_all_that_is_theirs_ends(self, owner, ada):
        other = Somebody()
        other.sign_in(ADDRESS)
        owner.turn_codes_on()
        assert self.close(owner, "Ada@example.com ") == 200
        assert not User.objects.exists()
        assert not Authenticator.objects.exists()
        assert not UserSession.objects.exists()
        assert [somebody.is_signed_in() for somebody in (owner, other)] == [False, False]
        assert (mail.outbox[-1].to, mail.outbox[-1].subject) == ([ADDRESS], "Your account is closed")
        assert AuditEvent.objects.get(action="user.close").actor == ADDRESS
        assert Somebody().sign_up(ADDRESS).status_code == 302

    def test_it_is_refused_to_the_only_owner_of_a_team(self, people):
        alice = people.alice.user
        alice.set_password(PASSWORD)
        alice.save()
        somebody = Somebody()
        somebody.sign_in(alice.email)
        assert self.close(somebody, alice.email) == 409
        assert b"only owner of" in somebody.client.get("/account/close").content
        assert User.objects.filter(pk=alice.pk).exists()
        Member.objects.create(team=people.team, user=people.charlie.user, role=Role.OWNER)
        assert self.close(somebody, alice.email) == 200
        assert [member.user for member in Member.objects.filter(team=people.team)] == [people.charlie.user]
        assert AuditEvent.objects.get(action="team.leave").team == "acme"

    def test_what_acts_as_them_stops_and_what_is_the_teams_goes_on(self, people):
        bob = people.bob(Role.DEVELOPER).user
        bob.set_password(PASSWORD)
        bob.save()
        actor = Actor(bob.email, bob)
        wanted = Terms(scopes=None)
        key = issue_key(Person(bob), people.team, "mine", kind=Kind.API, wanted=wanted, actor=actor)
        ours = issue_key(Person(bob), people.team, "ours", kind=Kind.WEBTASK, wanted=wanted, actor=actor)
        somebody = Somebody()
        somebody.sign_in(bob.email)
        assert self.close(somebody, bob.email) == 200
        held = {"authorization": f"Bearer {key.secret}"}
        assert somebody.client.get("/api/teams/acme/webtasks", headers=held).status_code == 401
        assert Token.objects.get(pk=key.token.pk).revoked_at is not None
        assert Token.objects.get(pk=ours.token.pk).revoked_at is None


def test_the_theme_is_chosen_on_the_page_and_printed_on_every_other(owner):
    page = owner.client.get("/account").content.decode()
    assert '<option value="contrast">Contrast</option>' in page
    owner.client.post("/account", {"name": "Ada", "theme": "contrast"})
    assert b'data-theme="contrast"' in owner.client.get("/account").content
    owner.client.cookies["webtasks_theme"] = '"><script>'
    assert b'data-theme="system"' in owner.client.get("/account").content
