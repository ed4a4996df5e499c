"""The landing page's Run: what it lets anybody do, and nothing else. tests/browser sees it run."""

import pytest
from django.core import signing
from django.test import Client

from console.accounts.models import Team
from console.problems import Absent
from console.web.landing import MAX_NAME
from console.webtasks import deployments, showcase
from console.webtasks.showcase import SHOWPIECES
from executor.contract import GRANT_HEADER
from tests.console.test_records import line

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}


def run(client=None, **form):
    return (client or Client()).post("/run", form, headers=JSON)


def test_it_asks_the_executor_for_what_was_chosen_and_passes_a_name_alone(wire):
    told = run(model="fetch", name="ada&x=1", code="evil").json()
    assert (told["status"], told["body"], told["fault"]) == (200, "hi", "")
    assert wire.heard["line"] == "GET /api/run/webtasks/fetch?name=ada%26x%3D1 HTTP/1.1"
    assert GRANT_HEADER in dict(wire.heard["headers"])
    run(model="nothing", name="x" * 1000)
    assert f"/api/run/webtasks/callback?name={'x' * MAX_NAME} " in wire.heard["line"]


def test_without_a_script_the_page_has_the_answer(wire):
    page = Client().post("/run", {"model": "fetch", "name": "<b>"}).content.decode()
    assert "<pre>hi</pre>" in page
    assert 'value="fetch" checked' in page
    assert 'value="&lt;b&gt;"' in page


def test_an_executor_that_does_not_answer_is_told(settings):
    settings.EXECUTOR_URL = "http://127.0.0.1:9"
    told = run()
    assert told.status_code == 503
    assert "does not answer" in told.json()["fault"]


def test_there_are_so_many_runs_a_minute(wire, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "showcase": "2/m/ip"}
    assert [run().status_code for _ in range(3)] == [200, 200, 429]
    assert "many runs" in run().json()["fault"]


def test_a_strange_page_cannot_run_it():
    assert run(Client(enforce_csrf_checks=True)).status_code == 403


@pytest.mark.parametrize("name", SHOWPIECES)
def test_the_grant_leads_to_that_code_without_a_way_out(name):
    piece = SHOWPIECES[name]
    found = deployments.find(showcase.TEAM, name, showcase.grant(piece))
    assert found.files == {f"{name}.js": piece.code}
    assert (found.egress, found.secrets, found.limits.egress_connections) == ((), {}, 0)


def test_nothing_else_does(people, hello):
    grant = showcase.grant(SHOWPIECES["fetch"])
    with pytest.raises(Absent):
        deployments.find(showcase.TEAM, "fetch", "")
    for forged in ("x", signing.dumps("fetch", salt="webtasks.grant")):
        with pytest.raises(Absent):
            deployments.find(showcase.TEAM, "fetch", forged)
    # And it opens no team's webtask.
    with pytest.raises(Exception, match="grant"):
        deployments.find("acme", "hello", grant)


def test_what_it_says_is_kept_nowhere(store, caplog):
    stored = store(1, lines=[line(team=showcase.TEAM, webtask="fetch")])
    assert not stored.teams
    assert "dropped" not in caplog.text


def test_no_team_can_have_its_name(alice):
    answered = alice.client.post("/teams/new", {"name": "Mine", "slug": showcase.TEAM})
    assert answered.status_code == 400
    assert not Team.objects.filter(slug=showcase.TEAM).exists()
