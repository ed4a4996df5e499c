"""Coroutine tests run as each kind of user, as those of the walls do."""

from tests.sandbox.conftest import data, person, pytest_generate_tests, pytest_pyfunc_call

__all__ = ["data", "person", "pytest_generate_tests", "pytest_pyfunc_call"]
