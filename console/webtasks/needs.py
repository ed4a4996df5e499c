"""What content needs beside its text. Apps above this one say what that is, when they are loaded."""

from collections.abc import Callable
from typing import Protocol

from console.webtasks.content import Content
from console.webtasks.models import Webtask


class Completing(Protocol):
    def __call__(self, content: Content, *, patient: bool) -> Content: ...


# Each returns the content with what it needs, which may take its time where it is `patient`: outside of any transaction.
completing: list[Completing] = []
# Each hears of a webtask with a new live version, in that transaction.
released: list[Callable[[Webtask], None]] = []


def complete(content: Content, *, patient: bool = True) -> Content:
    """Who is not `patient` is refused what is not there yet."""
    for add in completing:
        content = add(content, patient=patient)
    return content
