"""A webtask with limits of its own, and what becomes of requests to it."""

from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.stack import Member
from tests.tail import line_with, watch


@dataclass
class Limited:
    owner: Member
    name: str
    code: str
    limits: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.owner.api("GET", f"/{self.name}").status_code == 404:
            assert self.owner.api("POST", "", json={"name": self.name}).status_code == 201
        # Before the code is published: the answer to that comes when executors have taken over both.
        set_ = self.owner.api("PATCH", f"/{self.name}/limits", json=self.limits)
        assert set_.status_code == 200, set_.text
        self.owner.publish(self.name, self.code)

    @property
    def url(self) -> str:
        return f"{self.owner.stack.url}/api/run/acme/{self.name}"

    def reach(self, said: str, **request: Any) -> tuple[httpx.Response, dict[str, Any]]:
        """The answer, and the first line of the log that contains `said`."""
        with watch(self.owner, f"webtask:acme/{self.name}") as socket:
            answer = httpx.request(request.pop("method", "GET"), self.url, timeout=60, **request)
            while True:
                line = line_with(socket, said)
                if line["invocation"] in ("", answer.headers["x-wt-invocation"]):
                    return answer, line


def refused(answer: httpx.Response, line: dict[str, Any], status: int) -> str:
    """Asserts the status and that answer and log name the same invocation; returns the message."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body["req_id"] == answer.headers["x-wt-invocation"] == line["invocation"]
    assert answer.headers["x-wt-response-source"] == "proxy"
    message: str = body["message"]
    return message
