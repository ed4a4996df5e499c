"""Somebody tries it without an account: what they get, what they may not, and how it ends."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from console.accounts.actions import create_user
from console.accounts.audit import SYSTEM
from console.accounts.guests import LIMITS, drop_over
from console.accounts.models import AuditEvent, Team, User
from console.accounts.principals import Person
from console.accounts.roles import GUEST, TABLE, Action, Role
from console.problems import Gone, Invalid
from console.webtasks import deployments, tryout
from console.webtasks.access import access_shared
from console.webtasks.models import Collaborator, Draft, Webtask
from executor.contract import Limits
from tests.console.entrance import Guest
from tests.console.test_access import ROUTES
from tests.console.walk.walk import call, row

pytestmark = pytest.mark.django_db
IDS = [f"{method} {path} {action}" for method, path, action, _ in ROUTES]


@pytest.fixture
def guest():
    one = Guest()
    one.open()
    return one


@pytest.fixture
def other():
    one = Guest()
    one.open()
    return one


def end(team: Team) -> None:
    """Its day is over."""
    Team.objects.filter(pk=team.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


class TestComing:
    def test_one_press_gives_a_webtask_that_answers(self):
        guest = Guest()
        answer = guest.open()
        webtask = Webtask.objects.get()
        assert answer["Location"] == f"/t/{webtask.team}/hello"
        until = webtask.team.expires_at
        assert until
        deployment = deployments.find(webtask.team.slug, "hello", "")
        assert "module.exports" in deployment.files["hello.js"]
        assert deployment.expires == int(until.timestamp())
        assert timedelta(hours=23, minutes=59) < until - timezone.now() <= timedelta(hours=24)
        page = guest.client.get(answer["Location"])
        assert page.status_code == 200
        assert AuditEvent.objects.filter(action="guest.create", team=webtask.team.slug).exists()

    def test_to_look_makes_nothing(self):
        answer = Client().get("/new")
        assert (answer.status_code, answer["X-Robots-Tag"]) == (200, "noindex")
        assert b'<meta name="robots" content="noindex">' in answer.content
        assert not User.objects.exists()

    def test_a_strange_page_cannot_make_any(self):
        assert Client(enforce_csrf_checks=True).post("/new").status_code == 403
        assert not User.objects.exists()

    def test_whoever_has_one_goes_on_with_it(self, guest):
        for answer in (guest.open(), guest.client.get("/new")):
            assert answer["Location"] == f"/t/{guest.team}/hello"
        assert Team.objects.count() == 1

    def test_a_member_is_led_to_a_new_webtask(self, alice):
        assert alice.client.get("/new")["Location"] == "/t/acme#id_name"
        assert alice.client.post("/new")["Location"] == "/t/acme#id_name"

    def test_it_is_all_or_nothing(self, monkeypatch):
        def fail(*_args: object, **_options: object) -> None:
            raise Invalid("no")

        monkeypatch.setattr(tryout, "publish", fail)
        with pytest.raises(Invalid):
            Guest().open()
        assert not any(model.objects.exists() for model in (User, Team, AuditEvent))

    def test_so_many_come_from_one_address(self):
        assert {Guest().open().status_code for _ in range(20)} == {302}
        refused = Guest().open()
        assert (refused.status_code, refused["Retry-After"]) == (429, "3600")
        assert b"Try again in an hour" in refused.content
        assert Guest().open(REMOTE_ADDR="192.0.2.7").status_code == 302

    def test_so_many_are_here_at_once(self, settings):
        settings.GUESTS = 1
        first = Guest()
        first.open()
        assert Guest().open().status_code == 429
        end(first.team)
        drop_over(timezone.now())
        assert Guest().open().status_code == 302

    def test_an_installation_may_let_nobody_in(self, settings):
        settings.GUESTS = 0
        assert Client().get("/new")["Location"] == "/signin"
        assert Client().post("/new")["Location"] == "/signin"
        assert b'action="/new"' not in Client().get("/").content
        settings.GUESTS = 1
        assert b'action="/new"' in Client().get("/").content

    def test_a_session_that_was_planted_is_not_theirs(self):
        guest = Guest()
        session = guest.client.session
        session["planted"] = True
        session.save()
        planted = guest.session
        guest.open()
        assert guest.session != planted
        thief = Client(headers={"cookie": f"webtasks_session={planted}"})
        assert thief.get(f"/t/{guest.team}/hello").status_code == 302


class TestComingBack:
    def test_after_a_sign_out(self, guest):
        team = guest.team
        guest.client.post("/signout")
        page = guest.client.get("/new")
        assert b"Go on where you were" in page.content
        assert guest.open()["Location"] == f"/t/{team}/hello"
        assert guest.team == team

    def test_not_with_a_cookie_of_ones_own_making(self, guest):
        thief = Guest()
        signature = guest.client.cookies["webtasks_guest"].value.partition(":")[2]
        for forged in (guest.team.slug, f"try-bcd:{signature}"):
            thief.client.cookies["webtasks_guest"] = forged
            assert b"Go on where you were" not in thief.client.get("/new").content

    def test_not_when_it_is_over(self, guest):
        team = guest.team
        guest.client.post("/signout")
        end(team)
        guest.open()
        assert guest.team != team

    def test_the_cookies_are_not_for_webtasks_nor_for_scripts(self, guest):
        for name in ("webtasks_session", "webtasks_guest"):
            cookie = guest.client.cookies[name]
            assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
            assert cookie["expires"]


class TestWhatTheyMay:
    @pytest.mark.parametrize(("method", "path", "action", "body"), ROUTES, ids=IDS)
    def test_what_the_table_says(self, guest, method, path, action, body):
        answer = guest.api(method, path, body, **({"if_none_match": "*"} if method == "put" else {}))
        assert (answer.status_code == 403) == (action not in GUEST), answer.content

    @pytest.mark.parametrize(("method", "path", "action", "body"), ROUTES, ids=IDS)
    def test_nothing_with_what_is_not_theirs(self, guest, other, alice, hello, method, path, action, body):
        mine = row(method, f"/api/teams/{guest.team}{path}", action, body)
        assert call(other.client, mine).status_code == 404
        assert call(alice.client, mine).status_code == 404
        assert call(Client(), mine).status_code == 401
        assert call(guest.client, row(method, f"/api/teams/acme{path}", action, body)).status_code == 404

    def test_no_more_than_an_owner_and_nothing_that_reaches_others_or_lasts(self):
        assert TABLE[Role.OWNER] > GUEST
        reaches = {action for action in Action if action.startswith(("token.", "team."))} - {Action.TEAM}
        assert not GUEST & (reaches | {Action.SHARE, Action.SCHEDULE, Action.LIMIT})

    def test_the_page_shows_no_more(self, guest):
        page = guest.client.get(f"/t/{guest.team}/hello")
        assert set(page.context["boot"]["webtask"]["allowed"]) == set(GUEST)

    @pytest.mark.parametrize(
        "path", ["/account", "/account/address", "/account/passkeys/add", "/account/sessions", "/authorize"]
    )
    def test_pages_of_accounts_lead_to_one(self, guest, path):
        assert guest.client.get(path)["Location"] == "/keep"

    @pytest.mark.parametrize("path", ["/signin", "/signup", "/signup/passkey"])
    def test_so_do_the_ways_to_one(self, guest, path):
        assert guest.client.get(path)["Location"] == "/keep"

    def test_who_has_no_address_is_nobody_that_something_is_shared_with(self, guest, people, hello):
        webtask = Webtask.objects.get(team=people.team)
        for wanted in ({"email": "dora@example.com"}, {"to_team": people.team}):
            Collaborator.objects.create(webtask=webtask, rights=["run"], **wanted)
        assert not access_shared(Person(guest.user)).exists()
        assert guest.client.get("/api/teams/acme/webtasks/hello").status_code == 404
        with pytest.raises(Invalid):
            create_user(" ", password=None, actor=SYSTEM)

    def test_what_is_shared_with_their_team_they_may_no_more_than_guests(self, guest, people, hello):
        shared = Webtask.objects.get(team=people.team)
        Collaborator.objects.create(webtask=shared, to_team=guest.team, rights=["run", "logs"])
        path = "/api/teams/acme/webtasks/hello"
        assert guest.client.get(f"{path}/logs").status_code == 200
        end(guest.team)
        assert guest.client.get(f"{path}/logs").status_code == 404

    def test_the_trail_calls_them_by_a_number(self, guest):
        guest.api("patch", "/webtasks/hello/secrets", {"secrets": {"KEY": "x"}})
        event = AuditEvent.objects.get(action="webtask.secrets")
        assert event.actor == f"guest {guest.user.pk}"


class TestLimits:
    def test_they_are_lower_than_anybodys(self):
        usual = Limits()
        assert all(value < getattr(usual, name) for name, value in LIMITS.items())

    def test_they_hold_for_code_and_drafts(self, guest):
        guest.api("put", "/webtasks/hello/draft", {"code": "1", "base": 1}, if_none_match="*")
        webtask = Webtask.objects.get()
        draft = deployments.grant(webtask, Draft.objects.get())
        for grant in ("", draft):
            found = deployments.find(guest.team.slug, "hello", grant)
            assert {name: getattr(found.limits, name) for name in LIMITS} == LIMITS
            assert found.limits.egress_connections == 0

    def test_so_many_webtasks(self, guest):
        made = [guest.api("post", "/webtasks", {"name": f"n{count}"}) for count in range(5)]
        assert [answer.status_code for answer in made] == [201] * 4 + [400]
        assert "5 webtasks" in made[-1].json()["detail"]

    def test_no_packages_of_their_own(self, guest):
        code = "const x = require('left-pad@1.3.0'); module.exports = cb => cb()"
        saved = guest.api("put", "/webtasks/hello/draft", {"code": code, "base": 1}, if_none_match="*")
        etag = saved.json()["etag"]
        published = guest.api("post", "/webtasks/hello/publish", {"message": "", "etag": etag})
        added = guest.api("post", "/webtasks/hello/modules", {"name": "left-pad", "version": "1.3.0"})
        for answer in (published, added):
            assert (answer.status_code, "more than 0" in answer.json()["detail"]) == (400, True)

    def test_code_is_short(self, guest):
        saved = guest.api(
            "put", "/webtasks/hello/draft", {"code": "x" * 300_000, "base": 1}, if_none_match="*"
        )
        assert saved.status_code == 413


class TestTheEnd:
    def test_at_the_hour_it_is_over_however_late_the_job_is(self, guest):
        team = guest.team.slug
        end(guest.team)
        with pytest.raises(Gone):
            deployments.find(team, "hello", "")
        assert guest.client.get(f"/api/teams/{team}/webtasks").status_code == 404
        assert guest.client.get(f"/t/{team}/hello").status_code == 404
        assert b"Write a function" in guest.client.get("/", follow=True).content

    def test_everything_goes_and_nothing_else(self, guest, other, people, hello):
        gone = guest.team.slug
        end(guest.team)
        drop_over(timezone.now())
        assert not Team.objects.filter(slug=gone).exists()
        assert User.objects.filter(email=None).get() == other.user
        assert Webtask.objects.filter(team__slug__in=["acme", other.team.slug]).count() == 2
        assert AuditEvent.objects.get(action="guest.drop").object == gone

    def test_a_team_that_was_kept_stays(self, guest):
        team = guest.team
        Team.objects.filter(pk=team.pk).update(expires_at=None)
        drop_over(timezone.now() + timedelta(days=2))
        assert Team.objects.filter(pk=team.pk).exists()

    def test_an_operator_ends_it_at_once(self, guest, people):
        team = guest.team.slug
        call_command("drop_guest", team)
        assert not Team.objects.filter(slug=team).exists()
        for slug in (team, "acme"):
            with pytest.raises(CommandError, match="no guest"):
                call_command("drop_guest", slug)

    def test_nobody_is_written_to(self, guest):
        end(guest.team)
        drop_over(timezone.now())
        assert mail.outbox == []
