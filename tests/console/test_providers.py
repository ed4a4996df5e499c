"""People come by an OpenID provider, over HTTP to one that really listens."""

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.core import mail
from django.core.cache import cache

from console.accounts.actions import create_user
from console.accounts.audit import SYSTEM
from console.accounts.models import AuditEvent, User
from console.accounts.people import has_proved
from tests.console.entrance import PASSWORD, QUICK, Somebody, last_code, last_link
from tests.console.provider import comes_by

ADDRESS = "ada@example.com"


@pytest.fixture(autouse=True)
def quick(acme, settings):
    settings.PASSWORD_HASHERS = QUICK


@pytest.fixture
def ada():
    return create_user(ADDRESS, password=PASSWORD, actor=SYSTEM)


def events() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


class TestFirstTime:
    def test_a_proved_address_makes_an_account(self, provider):
        somebody = Somebody()
        assert b"Continue with Acme" in somebody.client.get("/signin").content
        assert comes_by(somebody, provider, "ada", next="/account")["Location"] == "/account"
        assert somebody.is_signed_in()
        user = User.objects.get()
        assert (user.email, user.name, has_proved(user)) == (ADDRESS, "Ada Lovelace", True)
        assert not user.has_usable_password()
        assert mail.outbox == []
        assert events() == ["user.sign-up", "user.sign-in"]
        assert AuditEvent.objects.get(action="user.sign-in").detail == {"by": ["oidc"]}

    def test_nothing_that_opens_the_provider_is_kept(self, provider):
        comes_by(Somebody(), provider, "ada")
        assert not SocialToken.objects.exists()
        assert SocialAccount.objects.get().extra_data == {"login": "ada", "email": ADDRESS}

    def test_an_address_that_is_not_proved_is_proved_here(self, provider):
        somebody = Somebody()
        assert comes_by(somebody, provider, "unsure")["Location"] == "/account/address/prove"
        assert not somebody.is_signed_in()
        assert somebody.prove(last_code())["Location"] == "/"
        assert somebody.is_signed_in()
        assert SocialAccount.objects.count() == 1

    def test_without_an_address_one_is_asked_for(self, provider):
        somebody = Somebody()
        assert comes_by(somebody, provider, "nameless")["Location"] == "/signup/provider"
        assert b"Acme did not tell us your address" in somebody.client.get("/signup/provider").content
        assert (
            somebody.client.post("/signup/provider", {"email": ADDRESS})["Location"]
            == "/account/address/prove"
        )
        somebody.prove(last_code())
        assert somebody.is_signed_in()
        assert comes_by(Somebody(), provider, "nameless")["Location"] == "/"

    @pytest.mark.parametrize("setting", ["closed", "invited"])
    def test_who_may_sign_up_is_a_setting(self, provider, settings, setting):
        settings.SIGNUP = setting
        somebody = Somebody()
        assert comes_by(somebody, provider, "ada").status_code == 200
        assert not User.objects.exists()

    def test_two_people_of_one_name_at_two_providers_are_two(self, provider, acme):
        comes_by(Somebody(), provider, "ada")
        first = SocialAccount.objects.get().uid
        acme["settings"]["server_url"] = provider.url.replace("127.0.0.1", "localhost")
        answer = comes_by(Somebody(), provider, "ada")
        # To us that is somebody else, who has shown an address that somebody has already.
        assert answer["Location"].startswith("/signin")
        assert [one.uid for one in SocialAccount.objects.all()] == [first]


class TestAddressOfAnAccount:
    def test_it_is_not_taken_over(self, provider, ada):
        somebody = Somebody()
        answer = comes_by(somebody, provider, "ada")
        assert answer["Location"] == "/signin?next=/account/providers"
        assert not somebody.is_signed_in()
        assert "Sign in to it; then you can connect Acme" in somebody.client.get("/signin").content.decode()
        assert not SocialAccount.objects.exists()

    def test_nor_by_an_address_that_nobody_proved(self, provider, ada):
        somebody = Somebody()
        comes_by(somebody, provider, "unsure")
        assert not somebody.is_signed_in()
        # As for whoever signs up with a password: only the letter tells.
        assert "There is one already" in str(mail.outbox[-1].body)
        assert User.objects.count() == 1

    def test_unless_the_provider_is_trusted(self, provider, ada, acme):
        acme["settings"]["email_authentication"] = True
        somebody = Somebody()
        assert comes_by(somebody, provider, "ada")["Location"] == "/"
        assert somebody.is_signed_in()
        assert SocialAccount.objects.get().user == ada
        assert ada.has_usable_password()
        assert "connected to your account" in mail.outbox[-1].subject

    def test_and_then_only_by_an_address_that_it_proved(self, provider, ada, acme):
        acme["settings"]["email_authentication"] = True
        somebody = Somebody()
        comes_by(somebody, provider, "unsure")
        assert not somebody.is_signed_in()

    def test_an_account_that_nobody_ever_proved_gives_way(self, provider):
        """A thief signed up with somebody's address, and waits for them to come by a provider."""
        thief = Somebody()
        thief.sign_up(ADDRESS, "chosen by a thief")
        code = last_code()
        owner = Somebody()
        assert comes_by(owner, provider, "ada")["Location"] == "/"
        assert owner.is_signed_in()
        assert User.objects.count() == 1
        thief.prove(code)
        assert not thief.is_signed_in()
        assert b"do not belong" in Somebody().sign_in(ADDRESS, "chosen by a thief").content

    def test_a_thiefs_provider_does_not_stay_connected(self, provider):
        """The other way round: by a provider that proves nothing, with somebody's address."""
        thief = Somebody()
        comes_by(thief, provider, "unsure")
        cache.clear()
        owner = Somebody()
        owner.ask_for_reset(ADDRESS)
        owner.reset(last_link(), "three new words")
        owner.prove(last_code())
        assert owner.is_signed_in()
        assert not SocialAccount.objects.exists()
        cache.clear()
        again = Somebody()
        comes_by(again, provider, "unsure")
        assert not again.is_signed_in()

    def test_a_closed_account_does_not_open(self, provider):
        comes_by(Somebody(), provider, "ada")
        User.objects.update(is_active=False)
        somebody = Somebody()
        assert comes_by(somebody, provider, "ada")["Location"] == "/signin/inactive"
        assert not somebody.is_signed_in()


class TestConnecting:
    @pytest.fixture
    def owner(self, ada):
        somebody = Somebody()
        somebody.sign_in(ADDRESS)
        return somebody

    def test_a_provider_is_connected_and_disconnected(self, owner, provider):
        assert owner.client.post("/signin/oidc", {"process": "connect"})["Location"].startswith(
            "/account/confirm"
        )
        owner.confirm()
        assert comes_by(owner, provider, "unsure", process="connect")["Location"] == "/account/providers"
        assert b"Acme is connected" in owner.client.get("/account/providers").content
        assert comes_by(Somebody(), provider, "unsure")["Location"] == "/"
        account = SocialAccount.objects.get()
        assert (
            owner.client.post("/account/providers", {"account": account.pk})["Location"]
            == "/account/providers"
        )
        assert not SocialAccount.objects.exists()
        assert [letter.subject for letter in mail.outbox] == [
            "Acme was connected to your account",
            "Acme was disconnected from your account",
        ]
        assert [event for event in events() if "provider" in event] == [
            "user.provider.add",
            "user.provider.remove",
        ]

    def test_what_is_connected_elsewhere_stays_there(self, owner, provider):
        comes_by(Somebody(), provider, "bob")
        owner.confirm()
        comes_by(owner, provider, "bob", process="connect")
        text = owner.client.get("/account/providers").content.decode()
        assert "connected to another account" in text
        assert SocialAccount.objects.filter(user__email=ADDRESS).count() == 0

    def test_the_last_way_in_is_not_disconnected(self, provider):
        somebody = Somebody()
        comes_by(somebody, provider, "ada")
        account = SocialAccount.objects.get()
        answer = somebody.client.post("/account/providers", {"account": account.pk})
        assert "no other way to sign in" in answer.content.decode()
        new = {"password1": "three new words", "password2": "three new words"}
        assert somebody.client.post("/account/password/set", new).status_code == 302
        somebody.confirm("three new words")
        assert somebody.client.post("/account/providers", {"account": account.pk}).status_code == 302
        assert not SocialAccount.objects.exists()

    def test_one_of_a_provider_that_is_no_more_can_go(self, owner, provider, settings):
        owner.confirm()
        comes_by(owner, provider, "ada", process="connect")
        settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"] = []
        assert b"oidc" in owner.client.get("/account/providers").content
        owner.client.post("/account/providers", {"account": SocialAccount.objects.get().pk})
        assert not SocialAccount.objects.exists()

    def test_anothers_cannot_be_disconnected(self, owner, provider):
        comes_by(Somebody(), provider, "bob")
        account = SocialAccount.objects.get()
        owner.confirm()
        assert owner.client.post("/account/providers", {"account": account.pk}).status_code == 200
        assert SocialAccount.objects.filter(pk=account.pk).exists()

    def test_a_second_factor_is_asked_for_all_the_same(self, owner, provider):
        owner.confirm()
        comes_by(owner, provider, "ada", process="connect")
        _, codes = owner.turn_codes_on()
        somebody = Somebody()
        assert comes_by(somebody, provider, "ada")["Location"] == "/signin/code"
        assert not somebody.is_signed_in()
        somebody.client.post("/signin/code", {"code": codes[0]})
        assert somebody.is_signed_in()
