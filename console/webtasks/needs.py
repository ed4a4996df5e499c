"""What content needs beside its text. Apps above this one say what that is, when they are loaded."""

from collections.abc import Callable

from console.webtasks.content import Content
from console.webtasks.models import Webtask

# Each returns the content with what it needs, which may take its time: outside of any transaction.
completing: list[Callable[[Content], Content]] = []
# Each hears of a webtask with a new live version, in that transaction.
released: list[Callable[[Webtask], None]] = []


def complete(content: Content) -> Content:
    for add in completing:
        content = add(content)
    return content
