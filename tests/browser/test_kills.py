"""Two hundred deaths at random moments, and each time all that was typed is there again."""

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.browser.kills import Typist
from tests.stack import Member, Stack

# Of each hundred. A server takes seconds to come back, a browser two.
SHARES = {"network": 45, "tab": 35, "tab_offline": 10, "browser": 6, "server": 4}


def deaths(count: int, chance: random.Random) -> list[str]:
    plan = [how for how, share in SHARES.items() for _ in range(max(1, count * share // 100))]
    chance.shuffle(plan)
    return plan


@pytest.fixture
def typist(playwright: Playwright, tmp_path: Path) -> Iterator[Typist]:
    """At the plain editor, signed in, with a server of their own that may die."""
    seed = os.environ.get("WEBTASKS_KILLS_SEED") or "first"
    stack = Stack.start(tmp_path / "data")
    one = Typist(playwright, stack, tmp_path / "profile", "typed", random.Random(seed), seed, typed="//")
    try:
        with Member(stack, stack.email, stack.password) as member:
            member.publish("typed", one.typed)
        one.start()
        one.sign_in()
        one.open()
        yield one
    finally:
        one.stop()


@pytest.mark.timeout(1200)  # all two hundred, beside other work
def test_whatever_dies_all_that_was_typed_is_there_again(typist: Typist):
    count = int(os.environ.get("WEBTASKS_KILLS") or 200)
    for number, how in enumerate(deaths(count, typist.random), 1):
        try:
            getattr(typist, f"kill_{how}")()
        except Exception as error:
            again = f"WEBTASKS_KILLS={count} WEBTASKS_KILLS_SEED={typist.seed}"
            error.add_note(f"Death {number} ({how}) of {again}. The page: {typist.sight}")
            raise
    typist.saved()
    typist.open()
    typist.check("everything")
