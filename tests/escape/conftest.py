"""The arena of each kind of user (tests/sandbox/person.py)."""

from collections.abc import Iterator

import pytest

from executor.attacks.host import targets
from tests.sandbox.conftest import person, pytest_generate_tests, pytest_pyfunc_call

__all__ = ["person", "pytest_generate_tests", "pytest_pyfunc_call"]


@pytest.fixture(scope="session")
def host() -> Iterator[dict[str, str]]:
    with targets() as there:
        yield there
