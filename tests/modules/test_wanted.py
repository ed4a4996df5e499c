"""What packages code wants."""

import pytest

from console.modules.wanted import MOST, alias, parse, required, wish
from console.problems import Invalid
from executor.platform import versions


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("require('lodash@4.17.21')", {("lodash", "4.17.21")}),
        ('require( "@scope/x@1.0.0-rc.1" )', {("@scope/x", "1.0.0-rc.1")}),
        ("require(`a@^1.2`)", {("a", "^1.2")}),
        ("require('a@1.0.0/lib/b.js')", {("a", "1.0.0")}),
        (
            "import a from 'a@1.0.0'; import('b@2.0.0'); import 'c@3.0.0'",
            {("a", "1.0.0"), ("b", "2.0.0"), ("c", "3.0.0")},
        ),
        ("export { a } from 'a@1.0.0'", {("a", "1.0.0")}),
        ("require('lodash'); require('./x@1.0.0'); require('/x@1.0.0'); require(name + '@1.0.0')", set()),
        ("const mail = 'someone@1.example'", set()),
        ("require('a@1.0.0\")", set()),
        ("require('a@https://evil.example/x.tgz')", set()),
        ("require('a@npm:b@1')", set()),
    ],
)
def test_versions_are_found_in_the_text(code, found):
    assert required(code) == found


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "text",
    ["import" + " " * (1 << 20), "import " * (1 << 17), "require( " * (1 << 17), "from'" * (1 << 17), "from\n" * (1 << 17),
     "require('" + "a" * (1 << 20), "require('@" + "a" * (1 << 20), "require('a@1/" + "/" * (1 << 20), "import(" * (1 << 17)],
)  # fmt: skip
def test_no_text_takes_long_to_search(text):
    assert required(text) == set()


def test_one_package_may_be_wanted_in_several_versions():
    found = wish({"a": "1.0.0"}, "require('a@2.0.0'), require('a@3.0.0'), require('a@1.0.0')")
    assert found == {"a": "1.0.0", alias("a", "2.0.0"): "npm:a@2.0.0", alias("a", "3.0.0"): "npm:a@3.0.0"}


def test_what_everybody_has_need_not_be_installed():
    version = versions()["ms"]
    assert wish({"ms": version}, f"require('ms@{version}')") == {}
    assert wish({"ms": "0.7.0"}, "") == {"ms": "0.7.0"}


def test_what_is_built_in_is_not_asked_of_the_registry():
    assert wish({"@webtask/jwt-middleware": "1.0.0"}, "require('@webtask/cron-auth-middleware@1.2.1')") == {}


@pytest.mark.parametrize(
    "listed",
    [
        "{", "[]", '"x"', '{"a": 1}', '{"a": null}', '{"../a": "1.0.0"}', '{"a": "https://evil.example/a.tgz"}',
        '{"a": "file:../../etc"}', '{"a": "git+ssh://x/y"}', '{"a": "user/repository"}', '{"a": ""}', '{"": "1.0.0"}',
        '{"a": "npm:b@1"}', '{".bin": "1.0.0"}', '{"@webtask-versions": "1"}', "[" * 100_000,
    ],
)  # fmt: skip
def test_a_list_that_makes_no_sense_is_refused(listed):
    with pytest.raises(Invalid):
        parse({"wt-node-dependencies": listed})


def test_there_may_not_be_too_many():
    with pytest.raises(Invalid):
        wish({f"a{number}": "1.0.0" for number in range(MOST + 1)}, "")
