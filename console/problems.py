"""What can go wrong with a request, each kind with its id and status. API and pages render them.

Raised by access.py and actions.py; imports nothing of the project.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404


def shape(code: str, status: int, title: str, detail: str) -> dict[str, Any]:
    return {"type": f"urn:webtasks:{code}", "title": title, "status": status, "detail": detail, "id": code}


class Problem(Exception):
    """`detail` says what, where and what to do; `extra` members join the answer (RFC 9457, section 3.2)."""

    id = "failed"
    status = 500
    title = "That did not work"

    def __init__(self, detail: str, **extra: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extra = extra

    def shape(self) -> dict[str, Any]:
        """The members that every problem has."""
        return shape(self.id, self.status, self.title, self.detail)


class Invalid(Problem):
    id = "invalid"
    status = 400
    title = "The request is not valid"


class Absent(Problem, Http404):
    """Not there, or not yours: the two look the same from outside."""

    id = "absent"
    status = 404
    title = "Not found"


class Forbidden(Problem, PermissionDenied):
    id = "forbidden"
    status = 403
    title = "Your role does not allow this"


class Taken(Problem):
    id = "taken"
    status = 409
    title = "The name is taken"


class Busy(Problem):
    """The same is being done already."""

    id = "busy"
    status = 409
    title = "It is under way already"


class Unfit(Problem):
    """What it is now does not allow it."""

    id = "unfit"
    status = 409
    title = "It is not in a state for that"


class Gone(Problem):
    """It was there, and holds no longer."""

    id = "gone"
    status = 410
    title = "It holds no longer"


class NothingToPublish(Problem):
    id = "nothing-to-publish"
    status = 409
    title = "There is no saved draft"


class Overtaken(Problem):
    """Someone published after this draft was started."""

    id = "overtaken"
    status = 409
    title = "Another version was published meanwhile"


class Stale(Problem):
    """The precondition names a state that is no longer there."""

    id = "stale"
    status = 412
    title = "The draft has changed meanwhile"


class TooLarge(Problem):
    id = "too-large"
    status = 413
    title = "Too large"


class Reused(Problem):
    id = "key-reused"
    status = 422
    title = "The key belongs to another request"


class Overloaded(Problem):
    id = "overloaded"
    status = 429
    title = "Too much is waiting"


class TooOften(Problem):
    id = "too-often"
    status = 429
    title = "Too often in so short a time"


class PreconditionRequired(Problem):
    id = "precondition-required"
    status = 428
    title = "Say which state you are changing"


class NotInstalled(Problem):
    """Packages that code needs are not there."""

    id = "not-installed"
    status = 422
    title = "The packages could not be installed"


class Unreachable(Problem):
    id = "executor-unreachable"
    status = 502
    title = "No executor answers"
