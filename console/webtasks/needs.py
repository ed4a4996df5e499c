"""What content needs beside its text. Apps above this one say what that is, when they are loaded."""

from collections.abc import Callable
from typing import Protocol

from console.webtasks.content import Content
from console.webtasks.models import Webtask
from executor.contract import Limits


class Completing(Protocol):
    def __call__(self, content: Content, *, limits: Limits, patient: bool) -> Content: ...


# Each returns the content with what it needs, which may take its time where it is `patient`: outside of any transaction.
completing: list[Completing] = []
# Each hears of a webtask with a new live version, in that transaction.
released: list[Callable[[Webtask], None]] = []
# Each hears of a webtask that was forked, and from which content, in that transaction.
forked: list[Callable[[Webtask, Content], None]] = []


def complete(content: Content, *, limits: Limits, patient: bool = True) -> Content:
    """Who is not `patient` is refused what is not there yet."""
    for add in completing:
        content = add(content, limits=limits, patient=patient)
    return content
