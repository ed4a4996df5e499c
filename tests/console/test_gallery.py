"""The pages of the templates: who reads them, who makes a webtask of one, and what they get. tests/gallery runs them all."""

import html
import re

import pytest
from django.test import Client

from console.accounts.actions import create_team
from console.accounts.audit import SYSTEM
from console.accounts.models import AuditEvent
from console.accounts.roles import Role
from console.webtasks.gallery import templates
from console.webtasks.models import Draft, Version, Webtask
from tests.console.entrance import Guest

pytestmark = pytest.mark.django_db


def names(path):
    return re.findall(r'href="/templates/([\w-]+)"', Client().get(path).content.decode())


def test_anybody_reads_them():
    assert names("/templates") == list(templates())
    for one in templates().values():
        page = html.unescape(Client().get(f"/templates/{one.name}").content.decode())
        assert one.line in page
        assert all(secret["name"] in page for secret in one.secrets)
        shown = re.sub(r"</?span[^>]*>", "", page)
        assert one.code in shown


def test_chips_narrow_the_list_and_take_themselves_back():
    assert "fetch" in names("/templates?model=fetch")
    assert "hello" not in names("/templates?model=fetch")
    assert names("/templates?model=fetch&needs=storage") == ["short-links"]
    page = Client().get("/templates?model=fetch&needs=storage").content.decode()
    assert '<a class="wt-chip" href="/templates?needs=storage" aria-current="true">' in page
    # What is no choice narrows nothing.
    assert names("/templates?needs=wings") == list(templates())
    assert b"No template is like that" in Client().get("/templates?model=callback&needs=network").content


def test_there_are_no_others():
    assert Client().get("/templates/nothing").status_code == 404


def test_a_member_gets_a_draft_of_it(people):
    bob = people.bob(Role.DEVELOPER)
    made = bob.client.post("/templates/several-files", {"team": "acme", "name": "prices"})
    assert made["Location"] == "/t/acme/prices"
    webtask = Webtask.objects.get(name="prices")
    assert webtask.live is None
    draft = Draft.objects.get(webtask=webtask, user=bob.user)
    one = templates()["several-files"]
    assert (draft.code, draft.files) == (one.code, one.files)
    assert {"README.md", "lib/price.js", "data/rates.json"} == draft.files.keys()
    assert bob.get("/prices").json()["description"] == one.line
    made = AuditEvent.objects.get(action="webtask.create", team="acme")
    assert made.detail == {"description": one.line}


def test_each_line_will_do_as_a_description(alice):
    for one in templates().values():
        assert (
            alice.client.post(f"/templates/{one.name}", {"team": "acme", "name": one.name}).status_code == 302
        )
        assert alice.get(f"/{one.name}").json()["description"] == one.line


def test_it_is_made_where_one_may(people, charlie):
    form = {"team": "acme", "name": "prices"}
    assert people.bob(Role.VIEWER).client.post("/templates/hello", form).status_code == 403
    assert charlie.client.post("/templates/hello", form).status_code == 404
    assert Client().post("/templates/hello", form)["Location"] == "/signin?next=/templates/hello"
    assert not Webtask.objects.exists()


def test_the_form_offers_the_teams_where_one_may(people, alice):
    create_team("beta", "Beta", owner=alice.user, actor=SYSTEM)
    assert b'<option value="beta">' in alice.client.get("/templates/hello").content
    assert b"None of your teams" in people.bob(Role.VIEWER).client.get("/templates/hello").content


def test_a_name_that_will_not_do_stays_in_the_form(alice, hello):
    for name, words in (("hello", "already"), ("a/b", "cannot name"), ("", "Give the webtask a name")):
        answer = alice.client.post("/templates/counter", {"team": "acme", "name": name})
        assert answer.status_code >= 400
        assert words in answer.content.decode()


class TestGuests:
    def take(self, guest, name):
        return guest.client.post("/new", {"template": name})

    def test_one_press_opens_it(self):
        guest = Guest()
        assert b'name="template" value="counter"' in guest.client.get("/templates/counter").content
        assert self.take(guest, "counter")["Location"] == f"/t/{guest.team}/counter"
        assert Version.objects.get().code == templates()["counter"].code
        assert Webtask.objects.get().description == templates()["counter"].line

    def test_what_needs_secrets_is_no_more_than_a_draft(self):
        guest = Guest()
        self.take(guest, "github-webhook")
        assert Webtask.objects.get().live is None
        assert Draft.objects.get().code == templates()["github-webhook"].code

    def test_who_was_signed_out_goes_on_in_their_team(self):
        guest = Guest()
        guest.open()
        team = guest.team
        guest.client.post("/signout")
        assert self.take(guest, "counter")["Location"] == f"/t/{team}/counter"
        guest.client.post("/signout")
        # That name is taken now; the page takes another.
        assert self.take(guest, "counter")["Location"] == "/templates/counter"
        form = {"team": str(team), "name": "second"}
        assert guest.client.post("/templates/counter", form)["Location"] == f"/t/{team}/second"

    def test_what_is_no_template_is_the_first_webtask(self):
        guest = Guest()
        assert self.take(guest, "nothing")["Location"] == f"/t/{guest.team}/hello"

    def test_without_guests_it_asks_to_sign_in(self, settings):
        settings.GUESTS = 0
        page = Client().get("/templates/counter").content.decode()
        assert "/signin?next=/templates/counter" in page
