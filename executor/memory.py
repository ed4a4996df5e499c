"""What the console told, kept for a while: bounded by number and by bytes, the oldest answer goes first."""

from collections.abc import Iterator
from dataclasses import dataclass

from executor.contract import Deployment

Key = tuple[str, ...]
MOST = 10_000
MOST_BYTES = 256 << 20


@dataclass(slots=True)
class Answer:
    """`size` is in bytes, as the console sent it; the times are the event loop's."""

    deployment: Deployment
    size: int
    at: float
    # Of a named webtask: the console's own, whose limits may be higher.
    etag: str = ""
    # Of a token: its id, and when the leave ends.
    token: str = ""
    until: float = 0.0
    # The link that would have told of a change; None while there was none.
    link: object = None


class Memory:
    def __init__(self) -> None:
        self._answers: dict[Key, Answer] = {}
        self._bytes = 0

    def get(self, key: Key) -> Answer | None:
        return self._answers.get(key)

    def put(self, key: Key, answer: Answer) -> None:
        self.drop(key)
        self._answers[key] = answer
        self._bytes += answer.size
        while len(self._answers) > MOST or self._bytes > MOST_BYTES:
            self.drop(next(iter(self._answers)))

    def drop(self, key: Key) -> None:
        gone = self._answers.pop(key, None)
        self._bytes -= gone.size if gone else 0

    def __iter__(self) -> Iterator[Key]:
        return iter(self._answers)
