"""What each way in asks for, declared where it is asked: the schema and docs/permissions.md tell it, the tests try it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import TextChoices

from console.accounts.roles import Action

View = TypeVar("View", bound=Callable[..., Any])


class Beyond(TextChoices):
    """What no role gives. Each label completes “for …”."""

    ANYONE = "anyone", "anyone"
    SELF = "self", "anyone signed in, about themselves"
    PERSON = "person", "people who are signed in, themselves and by no token"
    CREDENTIAL = "credential", "any token in force, about itself and what descends from it"
    ADMINISTRATOR = "administrator", "administrative tokens, and staff who granted it to their client"
    STAFF = "staff", "the staff of the installation"
    NODE = "node", "executors, by the node token"


@dataclass(frozen=True, slots=True)
class Need:
    """`when` is empty for what is always asked first."""

    what: Action | Beyond
    when: str = ""


def needs(what: Action | Beyond, *, when: str = "") -> Callable[[View], View]:
    """Declares it of a view, or of a view's method."""

    def declare(view: View) -> View:
        vars(view)["needs"] = (Need(what, when), *needs_of(view))
        return view

    return declare


def needs_of(view: Callable[..., Any]) -> tuple[Need, ...]:
    found: tuple[Need, ...] = getattr(view, "needs", ())
    return found


def action_of(view: Callable[..., Any]) -> Action:
    """Raises LookupError for one that declares none: it is nobody's to pass."""
    for need in needs_of(view):
        if isinstance(need.what, Action) and not need.when:
            return need.what
    raise LookupError(f"{view.__qualname__} does not say which action it needs: put @needs(…) on it")
