"""A team goes by another name, and goes on answering to the one it had."""

from importlib import import_module

import pytest
from django.apps import apps

from console.accounts import vault
from console.accounts.audit import SYSTEM
from console.accounts.bearers import LoginBearer
from console.accounts.logins import granted
from console.accounts.models import FormerName, Team
from console.accounts.roles import Action
from console.accounts.teams import disband_team, rename_team
from console.accounts.tokens import code_url
from console.problems import Forbidden
from console.serve.demo import seed
from console.webtasks.deployments import find, secrets_of
from console.webtasks.models import LogLine, Secret, Webtask
from tests.console.client import Webtasks, claims_of
from tests.console.team_calls import audited, found, rename, send
from tests.console.test_guards import ask

pytestmark = pytest.mark.django_db


def test_a_renamed_team_answers_to_both_names(people, alice, charlie, hello):
    told = rename(alice, name="Zenith")
    assert (told["slug"], told["name"], told["former_names"]) == ("zenith", "Zenith", ["acme"])
    for slug in ("zenith", "acme"):
        seen = alice.client.get(f"/api/teams/{slug}/webtasks/hello").json()
        assert (seen["team"], seen["name"]) == ("zenith", "hello")
        assert seen["url"].startswith("http://zenith.localhost")
        assert charlie.client.get(f"/api/teams/{slug}/webtasks/hello").status_code == 404
    event = audited("team.rename")
    assert event.detail == {
        "before": {"slug": "acme", "name": "Acme"},
        "after": {"slug": "zenith", "name": "Zenith"},
    }
    assert event.team_key == people.team.pk


def test_a_collaborator_finds_what_is_shared_by_both_names(alice, charlie, hello):
    alice.post("/hello/collaborators", {"email": "charlie@example.com", "rights": ["code"]})
    rename(alice)
    assert charlie.client.get("/api/teams/acme/webtasks/hello").json()["team"] == "zenith"
    assert charlie.client.get("/api/teams/acme").status_code == 404


def test_an_old_name_is_kept_for_its_team(alice, charlie):
    rename(alice)
    assert found(charlie, slug="acme").status_code == 409
    chaos = charlie.client.patch("/api/teams/chaos", {"slug": "acme"}, content_type="application/json")
    assert (chaos.status_code, chaos.json()["field"]) == (409, "slug")
    # The same words as for one that a team has.
    assert chaos.json()["detail"].replace("acme", "X") == found(charlie, slug="zenith").json()[
        "detail"
    ].replace("zenith", "X")
    assert rename(alice, "acme")["former_names"] == ["zenith"]
    assert alice.client.get("/api/teams/zenith").json()["slug"] == "acme"


def test_a_team_may_have_had_so_many_names(alice, monkeypatch):
    monkeypatch.setattr("console.accounts.names.MAX_FORMER", 2)
    rename(alice, "one")
    rename(alice, "two")
    answer = send(alice, "patch", "", {"slug": "three"})
    assert (answer.status_code, answer.json()["field"]) == (400, "slug")
    assert rename(alice, "one")["former_names"] == ["acme", "two"]
    assert Team.objects.get(pk=Team.objects.get(slug="one").pk).slug == "one"


def test_what_cannot_be_is_not_written(alice):
    assert send(alice, "patch", "", {"slug": "Not a slug"}).status_code == 400
    assert send(alice, "patch", "", {"slug": "api"}).status_code == 400
    assert Team.objects.filter(slug="acme").exists()
    assert not FormerName.objects.exists()


def test_pages_lead_on_to_the_present_name_for_who_may_see_them(alice, charlie, hello):
    rename(alice)
    answer = alice.client.get("/t/acme/hello?after=x&after=y")
    assert (answer.status_code, answer["Location"]) == (308, "/t/zenith/hello?after=x&after=y")
    # The team may take its name back: no browser may remember this.
    assert answer["Cache-Control"] == "no-store"
    assert alice.client.get("/t/acme")["Location"] == "/t/zenith"
    assert alice.client.get("/t/zenith/hello").status_code == 200
    # A stranger does not learn what it is named now, nor that it was.
    assert charlie.client.get("/t/acme").status_code == 404


def test_a_form_of_an_old_page_does_what_it_says(alice, hello):
    rename(alice)
    answer = alice.client.post("/t/acme", {"name": "late"})
    assert (answer.status_code, answer["Location"]) == (302, "/t/zenith/late")


def test_secrets_outlive_a_name(alice, hello):
    alice.patch("/hello/secrets", {"secrets": {"KEY": "s3cret"}})
    rename(alice)
    for slug in ("acme", "zenith"):
        deployment = find(slug, "hello", "")
        assert (deployment.team, deployment.slot, deployment.secrets) == (
            "zenith",
            "zenith/hello",
            {"KEY": "s3cret"},
        )


def test_published_clients_go_on_with_the_name_and_token_they_have(people, alice):
    client = Webtasks.of(people.team)
    client.put("webtask/acme/first", {"code": "module.exports = cb => cb()", "secrets": {"A": "1"}})
    rename(alice)
    made = client.put("webtask/acme/second", {"code": "module.exports = cb => cb()", "secrets": {"A": "1"}})
    assert made.status_code == 200, made.content
    assert made.json()["container"] == "zenith"
    assert claims_of(made.json()["token"])["ten"] == "zenith"
    for slug in ("acme", "zenith"):
        names = [one["name"] for one in client.get(f"webtask/{slug}").json()]
        assert names == ["first", "second"]
        assert client.get(f"webtask/{slug}/first", decrypt="1").json()["secrets"] == {"A": "1"}
        job = client.put(f"cron/{slug}/first", {"schedule": "0 5 * * *"})
        assert (job.status_code, job.json()["container"]) == (200, "zenith")
    assert client.delete("webtask/acme/first").status_code == 204


def test_what_runs_a_private_webtask_runs_it_by_its_teams_next_name(people, alice, settings):
    client = Webtasks.of(people.team)
    own = client.put("webtask/acme/hello", {"code": "module.exports = cb => cb()"}).json()["token"]
    issued = client.issued(ten="acme", url=code_url("acme", "hello"))
    other = client.put("webtask/acme/other", {"code": "module.exports = cb => cb()"}).json()["token"]
    alice.put("/hello/guard", {"kind": "private"})
    rename(alice)
    rename(alice, "third")
    newest = client.put("webtask/third/hello", {"code": "module.exports = cb => cb()"}).json()["token"]
    for slug in ("acme", "zenith", "third"):
        shown = {"team": slug, "kind": "key"}
        for token in (own, issued, newest):
            assert ask(settings, value=token, **shown).status_code == 200
        assert ask(settings, value=other, **shown).status_code == 403


def test_what_a_token_of_the_old_name_issues_may_name_either(people, alice):
    client = Webtasks.of(people.team)
    rename(alice)
    for ten in ("acme", "zenith"):
        child = client.child(ten=ten, code="module.exports = cb => cb()", ectx={"A": "1"})
        opened = client.get("tokens/inspect", token=child.token, decrypt="1").json()
        assert opened["ectx"] == {"A": "1"}
        assert opened["webtask_url"].startswith("http://localhost:8000/api/run/zenith?key=")
    assert client.issue(ten="chaos").status_code in (400, 403)


def test_a_regular_expression_covers_a_team_by_any_of_its_names(people, alice):
    client = Webtasks.of(None, ten="/^acm/")
    assert client.get("webtask/acme").status_code == 200
    rename(alice)
    assert client.get("webtask/zenith").status_code == 200


def test_code_kept_under_the_old_name_is_found(people, alice):
    client = Webtasks.of(people.team)
    client.put("webtask/acme/first", {"code": "module.exports = cb => cb(null, 7)"})
    token = claims_of(client.get("webtask/acme/first").json()["token"])
    rename(alice)
    copied = client.issue(ten="zenith", jtn="copy", url=token["url"])
    assert copied.status_code == 200, copied.content


def test_what_executors_tell_late_is_stored(alice, people, store):
    rename(alice)
    line = {"team": "acme", "webtask": "hello", "label": "v1", "invocation": "i", "time": 0, "level": "info"}
    store(1, [{**line, "text": "before"}, {**line, "webtask": None, "text": "adhoc"}])
    assert set(LogLine.objects.values_list("team", "text")) == {
        (people.team.pk, "before"),
        (people.team.pk, "adhoc"),
    }


def test_a_login_for_the_old_name_is_one_for_the_new(people, alice, charlie):
    mine = LoginBearer(alice.user, ["wt:owner:acme"])
    rename(alice)
    for slug in ("acme", "zenith"):
        assert mine.team(slug, Action.VIEW) == people.team
        assert granted(alice.user, [f"wt:owner:{slug}"]) == [f"wt:owner:{slug}"]
    assert granted(charlie.user, ["wt:owner:acme", "wt:owner:chaos"]) == ["wt:owner:chaos"]
    found(alice, slug="other")
    with pytest.raises(Forbidden):
        mine.team("other", Action.VIEW)


def test_what_was_sealed_for_the_old_place_is_sealed_anew_by_the_migration(alice, hello):
    webtask = Webtask.objects.select_related("team").get(name="hello")
    sealed = vault.seal('"s3cret"', "acme", "hello", "KEY")
    Secret.objects.create(webtask=webtask, name="KEY", value=sealed)
    Secret.objects.create(webtask=webtask, name="LOST", value=b"no key is left that opens this")
    import_module("console.webtasks.migrations.0010_places").reseal(apps, None)
    Secret.objects.filter(name="LOST").delete()
    assert secrets_of(webtask) == {"KEY": "s3cret"}


def test_the_demo_finds_its_team_whatever_it_is_named(db):
    made = seed()
    team = Team.objects.get(slug=made.team)
    renamed = rename_team(team, slug="zenith", name="Zenith", actor=SYSTEM)
    assert seed().team == "zenith"
    disband_team(renamed, actor=SYSTEM)
    assert seed().team.startswith("acme-")
