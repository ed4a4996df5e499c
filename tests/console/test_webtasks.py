"""Making webtasks and finding them."""

import pytest

from console.webtasks.models import Webtask


def test_a_new_webtask_has_its_code_as_the_creators_draft_and_nothing_live(alice):
    created = alice.post("", {"name": "fresh", "code": "// mine"})
    assert created.status_code == 201
    task = created.json()
    assert task["live"] is None
    assert (task["draft"]["code"], task["draft"]["base"]) == ("// mine", None)
    assert alice.publish("fresh", "// mine").json()["version"]["number"] == 1


def test_without_code_it_starts_with_some_that_works(alice):
    assert "module.exports" in alice.post("", {"name": "fresh"}).json()["draft"]["code"]


def test_it_tells_its_two_urls(alice, settings):
    task = alice.post("", {"name": "fresh"}).json()
    assert task["url"] == f"http://acme.localhost:{settings.PORT}/fresh"
    assert task["run_url"] == f"http://localhost:{settings.PORT}/api/run/acme/fresh"


def test_a_name_is_taken_once_per_team(people, alice, charlie):
    alice.post("", {"name": "fresh"})
    again = alice.post("", {"name": "fresh"})
    assert (again.status_code, again.json()["id"]) == (409, "taken")
    elsewhere = charlie.client.post(
        "/api/teams/chaos/webtasks", {"name": "fresh"}, content_type="application/json"
    )
    assert elsewhere.status_code == 201


@pytest.mark.parametrize("name", ["a", "A.b_c~d!e$f+g=h:i@j-k", "x" * 64, "versions", "0"])
def test_every_name_the_clients_allow_works_in_every_url(alice, name):
    assert alice.post("", {"name": name}).status_code == 201
    assert alice.get(f"/{name}").json()["name"] == name
    assert alice.publish(name, "x").status_code == 201


@pytest.mark.parametrize("name", ["", "a b", "a/b", "@a", ".", "..", "x" * 65, "é", "a\n", "a%"])
def test_other_names_are_refused_with_the_rule(alice, name):
    refused = alice.post("", {"name": name})
    assert refused.status_code == 400
    assert refused.json()["id"] == "invalid"
    assert Webtask.objects.count() == 0


def test_the_list_is_by_name_and_pages(alice):
    for name in ("c", "a", "b"):
        alice.post("", {"name": name})
    assert [task["name"] for task in alice.get().json()] == ["a", "b", "c"]
    assert [task["name"] for task in alice.get("?limit=1&after=a").json()] == ["b"]


def test_the_list_carries_no_code(alice, hello):
    assert "draft" not in alice.get().json()[0]
    assert "code" not in alice.get().json()[0]["live"]
