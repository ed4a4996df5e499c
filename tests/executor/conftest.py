import re
from collections.abc import Callable

import pytest

from tests.executor.limited import Limited
from tests.stack import Member


@pytest.fixture
def limited(owner: Member, request: pytest.FixtureRequest) -> Callable[..., Limited]:
    """Named after the test: no two share a worker."""

    def make(code: str, **limits: int) -> Limited:
        name = re.sub(r"[^a-z0-9]+", "-", request.node.name.removeprefix("test_"))[:50].strip("-")
        return Limited(owner, name, code, limits)

    return make
