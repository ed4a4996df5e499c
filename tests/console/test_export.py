"""Everything of a team as a zip: what is in it agrees with the API, and no value of a secret is."""

import io
import json
import secrets
import zipfile
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from console.accounts.audit import SYSTEM
from console.accounts.models import AuditEvent, Team, Token, User
from console.accounts.roles import Role
from console.exports import archive
from console.exports.bundle import Folders, safe
from console.webtasks.models import LogLine, Webtask

pytestmark = pytest.mark.django_db

EXPORT = "/api/teams/acme/export"
SECRET = "correct-horse-battery-staple"
CODE = "module.exports = cb => cb(null, 2)"


def read(answer) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def opened(answer) -> zipfile.ZipFile:
    found = zipfile.ZipFile(io.BytesIO(read(answer)))
    assert found.testzip() is None
    return found


def rows(found: zipfile.ZipFile, path: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in found.read(path).decode().splitlines()]


def folder(found: zipfile.ZipFile, name: str = "hello") -> str:
    listed = {one["name"]: one["folder"] for one in json.loads(found.read("webtasks.json"))}
    return str(listed[name])


@pytest.fixture
def full(people, alice, hello, store):
    """acme with something of everything that an export holds."""
    alice.patch("/hello/secrets", {"secrets": {"DATABASE_KEY": SECRET}})
    alice.publish("hello", CODE, base=1)
    draft = {"code": "// unfinished", "files": {"lib/x.js": "// beside"}, "base": 2}
    assert alice.put("/hello/draft", draft, if_none_match="*").status_code == 200
    alice.put("/hello/storage", {"data": '{"kept": [1, 2]}'}, if_none_match="*")
    alice.post("/hello/schedules", {"name": "nightly", "schedule": "0 4 * * *"})
    alice.post("/hello/collaborators", {"email": "charlie@example.com", "rights": ["code"]})
    alice.patch("/hello", {"description": "Greets", "tags": ["mail"]})
    alice.put("/hello/egress/rules", {"rules": ["api.example.com:443"]})
    alice.post("", {"name": "Hello"})
    alice.client.post("/api/teams/acme/tokens", {"name": "ci"}, content_type="application/json")
    origin = {"team": "acme", "webtask": "hello", "label": "v1", "invocation": "i"}
    line = {**origin, "time": 0, "level": "info"}
    call = {"method": "GET", "path": "/", "status": 200, "ms": 1, "source": "user", "time": 0}
    store(
        1,
        [{**line, "text": f"line {number}"} for number in range(30)],
        [{**origin, **call, "id": "1.1"}],
    )
    return alice


def test_what_is_in_it_is_what_the_api_says(full):
    answer = full.client.get(EXPORT)
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"].startswith('attachment; filename="acme-')
    assert answer["Cache-Control"] == "no-store"
    found = opened(answer)
    at = folder(found)
    assert found.read(f"{at}/live/hello.js").decode() == CODE
    versions = full.get("/hello/versions").json()
    for version in versions:
        said = json.loads(found.read(f"{at}/versions/{version['number']}.json"))
        assert said | version == said
        code = full.get(f"/hello/versions/{version['number']}").json()["code"]
        assert found.read(f"{at}/versions/{version['number']}/hello.js").decode() == code
    assert found.read(f"{at}/drafts/alice@example.com/hello.js") == b"// unfinished"
    assert found.read(f"{at}/drafts/alice@example.com/lib/x.js") == b"// beside"
    assert found.read(f"{at}/storage.json").decode() == full.get("/hello/storage").json()["data"]
    about = json.loads(found.read(f"{at}/webtask.json"))
    assert about["secrets"] == full.get("/hello/secrets").json()["secrets"]
    assert about["collaborators"] == full.get("/hello/collaborators").json()
    assert (about["description"], about["tags"]) == ("Greets", ["mail"])
    assert about["egress"] == ["api.example.com:443"]
    (schedule,) = json.loads(found.read(f"{at}/schedules.json"))
    assert schedule["schedule"] == full.get("/hello/schedules/nightly").json()["schedule"]
    assert rows(found, f"{at}/logs.jsonl") == full.get("/hello/logs").json()["lines"]
    assert [one["id"] for one in rows(found, f"{at}/invocations.jsonl")] == ["1.1"]
    tokens = full.client.get("/api/teams/acme/tokens").json()
    assert {one["jti"] for one in tokens} <= {one["jti"] for one in rows(found, "tokens.jsonl")}
    members = json.loads(found.read("members.json"))
    assert [(one["email"], one["role"]) for one in members] == [("alice@example.com", "owner")]
    assert json.loads(found.read("team.json"))["slug"] == "acme"


def test_its_audit_trail_is_the_teams_and_says_that_it_was_taken(full, charlie):
    told = rows(opened(full.client.get(EXPORT)), "audit.jsonl")
    assert {one["team"] for one in told} == {"acme"}
    assert {"team.create", "webtask.publish", "webtask.secrets"} <= {one["action"] for one in told}
    assert told[-1]["action"] == "team.export"
    assert AuditEvent.objects.filter(action="team.export", actor="alice@example.com").count() == 1


def test_no_value_of_a_secret_is_in_it(full):
    token = full.client.post(
        "/api/teams/acme/tokens", {"name": "shown once"}, content_type="application/json"
    ).json()["secret"]
    data = read(full.client.get(EXPORT))
    found = zipfile.ZipFile(io.BytesIO(data))
    texts = b"".join(found.read(name) for name in found.namelist())
    assert b"DATABASE_KEY" in texts
    for secret in (SECRET, token, "eyJ"):
        assert secret.encode() not in data
        assert secret.encode() not in texts


def test_every_file_is_told_of_and_so_is_what_was_cut(full, monkeypatch):
    monkeypatch.setattr("console.exports.bundle.MOST_ROWS", 10)
    found = opened(full.client.get(EXPORT))
    listed = {one["path"]: one for one in json.loads(found.read("manifest.json"))["files"]}
    assert set(found.namelist()) == listed.keys() | {"manifest.json", "README.md"}
    path = f"{folder(found)}/logs.jsonl"
    logs = listed[path]
    assert (logs["rows"], logs["left_out"]) == (10, 20)
    assert rows(found, path)[-1]["text"] == "line 29"
    assert f"`{path}`: 20 older rows" in found.read("README.md").decode()


def test_names_that_some_systems_take_for_one_have_folders_of_their_own(full):
    found = opened(full.client.get(EXPORT))
    assert folder(found, "hello").lower() != folder(found, "Hello").lower()


@pytest.mark.parametrize("name", ["../x", "a/b", "..", ".hidden", "a:b", "a\\b", "~x"])
def test_no_name_leads_out_of_its_folder(name):
    for made in (safe(name), Folders().of(name).removeprefix("webtasks/")):
        assert not set("/\\:") & set(made)
        assert not made.startswith(".")


def test_it_is_written_while_it_is_read(full, people):
    """In pieces: a team's logs may be more than memory holds."""
    task = Webtask.objects.get(name="hello")
    lines = [
        LogLine(
            team=people.team,
            webtask=task,
            label="v1",
            time=task.created_at,
            level="info",
            text=secrets.token_hex(100),
        )
        for _ in range(3000)
    ]
    LogLine.objects.bulk_create(lines)
    pieces = list(full.client.get(EXPORT).streaming_content)
    assert len(pieces) > 3
    assert max(map(len, pieces)) < 512 * 1024


def test_it_is_for_who_may(people, full, charlie):
    # Read to its end, or its place stays taken until somebody collects the answer.
    assert opened(people.bob(Role.ADMIN).client.get(EXPORT)).namelist()
    assert people.bob(Role.DEVELOPER).client.get(EXPORT).status_code == 403
    assert charlie.client.get(EXPORT).status_code == 404
    assert Client().get(EXPORT).status_code == 401


def test_a_client_may_ask_for_a_zip_by_its_type(full):
    assert opened(full.client.get(EXPORT, headers={"accept": "application/zip"})).namelist()


def test_few_are_made_at_once_and_each_gives_its_place_back(people, full):
    begun = [archive.export(people.team, actor=SYSTEM) for _ in range(archive.AT_ONCE)]
    refused = full.client.get(EXPORT)
    assert (refused.status_code, refused.json()["id"]) == (429, "overloaded")
    # One is read, others never are.
    assert next(begun[0])
    for one in begun:
        one.close()
        one.close()
    assert opened(full.client.get(EXPORT)).namelist()


# What hangs on a team, and where an export has it; or why it has not.
EXPORTED = {
    "Member", "Token", "FormerName", "Webtask", "Version", "Secret", "Collaborator", "Draft", "LogLine", "Invocation",
    "Tally", "EgressCall", "Document", "Schedule", "Firing", "Delivery", "Staged",
}  # fmt: skip
LEFT_OUT = {
    "SecurityEvent": "for the staff of the installation alone",
    "Invitation": "an offer, not a thing; what became of it is in the audit trail",
}


def test_whatever_belongs_to_a_team_is_in_it_or_left_out_for_a_reason():
    seen, waiting = set[Any](), list[Any]([Team])
    while waiting:
        model = waiting.pop()
        for relation in model._meta.related_objects:
            found = relation.related_model
            if found not in seen and found not in (Team, User):
                seen.add(found)
                # Tokens issue tokens; what a person made is not the team's for that.
                waiting += [found] if found is not Token else []
    ours = {model.__name__ for model in seen if model in apps.get_models()}
    assert ours == EXPORTED | LEFT_OUT.keys()
