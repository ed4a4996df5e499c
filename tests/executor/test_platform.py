"""The packages that every webtask may require without asking, behind the real walls."""

import json
import os

import httpx
import pytest

from executor import platform
from executor.modules import store

EACH = """
module.exports = (ctx, cb) => {
  const failed = {};
  for (const name of %s) try { require(name); } catch (error) { failed[name] = String(error); }
  cb(null, failed);
};
"""
ATTEMPT = """
module.exports = (ctx, cb) => {
  try { cb(null, %s); } catch (error) { cb(null, error.code); }
};
"""


@pytest.mark.parametrize("third", range(3))
def test_ten_packages_of_the_set_at_a_time_load_within_the_default_memory_limit(owner, third):
    names = list(platform.versions())[third::3]
    owner.publish(f"ten-packages-{third}", EACH % json.dumps(names))
    assert httpx.get(f"{owner.stack.url}/api/run/acme/ten-packages-{third}", timeout=60).json() == {}


def test_the_set_has_what_people_expect():
    wanted = (
        "express koa @hapi/hapi body-parser lodash async bluebird axios request pg mysql2 mongodb ioredis jsonwebtoken"
        " moment luxon ms ejs pug handlebars xml2js cheerio uuid zod auth0 stripe @slack/web-api nodemailer"
        " webtask-tools auth0-ext-compilers"
    )
    assert set(wanted.split()) <= platform.versions().keys()


def test_a_version_that_the_set_has_can_be_asked_for_by_number(stack):
    version = platform.versions()["ms"]
    assert stack.adhoc(ATTEMPT % f"require('ms@{version}')('1h')").json() == 3_600_000


def test_a_version_that_is_not_there_is_not_answered_with_another(stack):
    assert stack.adhoc(ATTEMPT % "require('ms@0.0.1')").json() == "MODULE_NOT_FOUND"


def test_a_part_of_a_package_can_be_required(stack):
    assert stack.adhoc(ATTEMPT % "require('lodash/fp').add(1)(2)").json() == 3


def test_what_packages_need_is_not_everybodys(stack):
    assert stack.adhoc(ATTEMPT % "require('on-finished')").json() == "MODULE_NOT_FOUND"


def test_the_set_is_listed_where_the_originals_scripts_look(stack):
    listed = stack.adhoc(ATTEMPT % "require(process.env.VERQUIRE_DIR + '/packages.json')").json()
    assert listed == {name: [version] for name, version in platform.versions().items()}


def test_packages_cannot_be_changed(stack):
    write = "require('fs').writeFileSync(process.env.VERQUIRE_DIR + '/packages.json', '{}')"
    assert stack.adhoc(ATTEMPT % write).json() == "EROFS"


def test_nobody_can_list_which_sets_of_packages_there_are(stack):
    assert stack.adhoc(ATTEMPT % "require('fs').readdirSync('/modules')").json() == "EACCES"


def test_an_executor_forgets_what_it_did_not_use_for_long(tmp_path):
    place = store.prepare(tmp_path)
    for name, age in (("a" * 64, 0), ("b" * 64, store.KEEP_SECONDS + 60)):
        (place / name).mkdir()
        os.utime(place / name, (0, (place / name).stat().st_mtime - age))
    store.prepare(tmp_path)
    assert (place / ("a" * 64)).is_dir()
    assert not (place / ("b" * 64)).exists()
