"""Coroutine tests run as each kind of user, in a process of theirs (person.py)."""

import inspect
import shutil
from collections.abc import Iterator

import pytest

from tests.sandbox import person as people
from tests.sandbox.person import Person


@pytest.fixture(scope="session", params=people.NAMES)
def person(request: pytest.FixtureRequest) -> Iterator[Person]:
    one = people.meet(request.param)
    yield one
    one.leave()
    shutil.rmtree(one.data, ignore_errors=True)


@pytest.fixture
def data(person):
    return person.data


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if inspect.iscoroutinefunction(metafunc.function) and "person" not in metafunc.fixturenames:
        metafunc.fixturenames.append("person")


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in inspect.signature(pyfuncitem.obj).parameters}
    one = pyfuncitem.funcargs["person"]
    assert isinstance(one, Person)
    one.run(pyfuncitem.obj, **arguments)
    return True
