"""A node whose ceilings differ from the usual: lower ones lower the defaults, higher ones allow more."""

import pytest

from tests.executor.limited import Limited, refused
from tests.stack import Member, Stack

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def keeper(tmp_path_factory):
    """The owner of a team on a node of its own."""
    stack = Stack.start(
        tmp_path_factory.mktemp("ceilings") / "data",
        WEBTASKS_CEILING_MEMORY_BYTES=str(2048 * MIB),
        WEBTASKS_CEILING_RESPONSE_BYTES="4096",
    )
    with Member(stack, stack.email, stack.password) as member:
        yield member
    assert stack.stop() == 0, stack.log.read_text()[-4000:]


def test_a_ceiling_below_a_default_lowers_it(keeper):
    answer, line = Limited(keeper, "large", "module.exports = cb => cb(null, 'x'.repeat(5000));").reach(
        "stopped"
    )
    assert "4,096 bytes" in refused(answer, line, 502)


def test_more_than_the_ceiling_cannot_be_set(keeper):
    one = Limited(keeper, "small", "module.exports = cb => cb();")
    answer = keeper.api("PATCH", f"/{one.name}/limits", json={"response_bytes": 4097})
    assert answer.status_code == 400
    assert "4096" in answer.text


def test_ad_hoc_code_has_the_ceilings_too(keeper):
    answer = keeper.stack.adhoc("module.exports = cb => cb(null, 'x'.repeat(5000));")
    assert answer.status_code == 502
    assert "4,096 bytes" in answer.json()["message"]


def test_too_many_threads(keeper):
    """With little memory that would be what a worker runs out of first."""
    code = """
    const { Worker } = require('worker_threads');
    module.exports = cb => {
      const more = count => {
        if (count > 100) return cb(null, { count });
        new Worker('setInterval(() => {}, 1e6)', { eval: true }).on('error', cb).on('online', () => more(count + 1));
      };
      more(1);
    };
    """
    one = Limited(keeper, "threads", code, {"memory_bytes": 2048 * MIB})
    answer, line = one.reach("limit of")
    assert (answer.status_code, answer.json()["message"]) == (500, "EAGAIN")
    assert line["text"].endswith("(limit of threads: 48 threads)")
