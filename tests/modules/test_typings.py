"""The declarations of packages, as editors get them."""

import hashlib
import json

import pytest

from console.modules import archives, typings
from tests.modules.test_archive import archive


@pytest.fixture(autouse=True)
def place(settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path / "data"
    (tmp_path / "everybodys").mkdir()
    monkeypatch.setattr(typings, "HOME", tmp_path / "everybodys")
    monkeypatch.setattr(typings, "platform", lambda: {"common": "1.0.0"})


@pytest.fixture
def kept(tmp_path):
    def keep(**files: str) -> str:
        members = [(f"node_modules/{path}", text.encode()) for path, text in files.items()]
        path = archive(tmp_path, *members)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        with path.open("rb") as file:
            archives.keep(digest, file)
        return digest

    return keep


def found(name, digest, version=""):
    told = typings.typings_of(name, version, digest)
    return told.package, {path: text for path, text in told.files.items() if path != "package.json"}


@pytest.mark.parametrize(
    ("described", "main"),
    [
        ({"types": "./dist/main.d.ts"}, "dist/main.d.ts"),
        ({"typings": "dist/main"}, "dist/main.d.ts"),
        ({"exports": {".": {"import": {"types": "./dist/main.d.mts"}}}}, "dist/main.d.mts"),
        ({"exports": {"types": "./dist/main.d.cts"}, "main": "other.js"}, "dist/main.d.cts"),
        ({"main": "./dist/main.js"}, "dist/main.d.ts"),
        ({}, "index.d.ts"),
        ([], "index.d.ts"),
    ],
)
def test_the_main_file_is_found_as_compilers_find_it(kept, described, main):
    digest = kept(**{"one/package.json": json.dumps(described), f"one/{main}": "export {};"})
    assert found("one", digest) == ("one", {main: "export {};"})
    assert json.loads(typings.typings_of("one", "", digest).files["package.json"])["types"] == main


def test_what_it_asks_for_comes_with_it_and_nothing_else(kept):
    files = {
        "index.d.ts": 'export * from "./lib/a.js";\n/// <reference path="b.d.ts" />\nimport x = require("./folder");',
        "lib/a.d.ts": 'type T = import("../index").U; export * from "../../two/index"; import "other";',
        "b.d.ts": "",
        "folder/index.d.ts": "",
    }
    unasked = {"one/unasked.d.ts": "", "one/index.js": "", "two/index.d.ts": "secret"}
    digest = kept(**{f"one/{path}": text for path, text in files.items()}, **unasked)
    assert found("one", digest) == ("one", files)


def test_types_of_their_own_package_stand_in(kept):
    digest = kept(**{"@types/scope__one/index.d.ts": "export {};", "@scope/one/index.js": ""})
    assert found("@scope/one", digest) == ("@types/scope__one", {"index.d.ts": "export {};"})
    assert found("one", digest) == ("one", {})


def test_a_version_in_the_name_has_its_own(kept):
    digest = kept(**{"@webtask-versions/one_1.2.3/index.d.ts": "versioned", "one/index.d.ts": "plain"})
    assert found("one", digest, "1.2.3") == ("one", {"index.d.ts": "versioned"})
    assert found("one", digest) == ("one", {"index.d.ts": "plain"})


def test_what_every_webtask_has_needs_no_archive(tmp_path):
    folder = tmp_path / "everybodys" / "node_modules" / "common"
    folder.mkdir(parents=True)
    (folder / "index.d.ts").write_text("everybody's")
    assert found("common", "") == ("common", {"index.d.ts": "everybody's"})
    assert found("common", "", "1.0.0") == ("common", {"index.d.ts": "everybody's"})
    assert found("common", "", "2.0.0") == ("common", {})


def test_they_end_where_they_are_too_much(kept, monkeypatch):
    monkeypatch.setattr(typings, "MOST_BYTES", 100)
    digest = kept(**{"one/index.d.ts": 'export * from "./large";', "one/large.d.ts": "x" * 100})
    assert found("one", digest)[1].keys() == {"index.d.ts"}


@pytest.mark.parametrize(
    "described", ["{", "1", "[" * 100_000, '{"types": "../../../etc/passwd"}', '{"types": 1}']
)
def test_what_strangers_wrote_breaks_nothing(kept, described):
    digest = kept(**{"one/package.json": described, "one/index.d.ts": "\0"})
    assert found("one", digest)[0] == "one"


def test_an_archive_that_is_none_has_none(tmp_path):
    path = tmp_path / "broken"
    path.write_bytes(b"no archive")
    digest = hashlib.sha256(b"no archive").hexdigest()
    with path.open("rb") as file:
        archives.keep(digest, file)
    assert found("one", digest) == ("one", {})
    assert found("one", "f" * 64) == ("one", {})
