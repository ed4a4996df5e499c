"""A webtask behind a guard, that counts and logs each time its code runs."""

import re
from dataclasses import dataclass
from typing import Any

import httpx

from tests.stack import Member
from tests.tail import line_with, watch

COUNTS = """\
let runs = 0;
module.exports = (ctx, req, res) => {
  const parts = [];
  req.on("data", (part) => parts.push(part));
  req.on("end", () => {
    runs += 1;
    console.log(`ran for ${req.headers["x-case"]}`);
    if (req.headers["x-case"] === "fails") res.statusCode = 500;
    const { authorization, cookie } = req.headers;
    res.end(JSON.stringify({ runs, url: req.url, authorization, cookie, body: Buffer.concat(parts).toString("latin1") }));
  });
};
"""


@dataclass
class Guarded:
    """Named `name`; its secrets are SIGNING and, while they are changed, NEXT."""

    owner: Member
    name: str

    def __post_init__(self) -> None:
        self.owner.publish(self.name, COUNTS)

    @property
    def url(self) -> str:
        return f"{self.owner.stack.url}/api/run/acme/{self.name}"

    def api(self, method: str, path: str, *, status: int = 200, **kwargs: Any) -> Any:
        answer = self.owner.api(method, f"/{self.name}/{path}", **kwargs)
        assert answer.status_code == status, answer.text
        return answer.json()

    def keep(self, **secrets: Any) -> None:
        self.api("PATCH", "secrets", json={"secrets": secrets})

    def guard(self, kind: str, *secrets: str, **more: Any) -> None:
        told = self.api("PUT", "guard", json={"kind": kind, "secrets": list(secrets), **more})
        assert told["unconfirmed"] == [], told

    def send(self, case: str, body: bytes = b"", *, method: str = "POST", **headers: str) -> httpx.Response:
        return httpx.request(method, self.url, content=body, headers={"x-case": case, **headers}, timeout=60)

    def ran(self, **headers: str) -> list[str]:
        """The cases in which the code ran, by its log; the last is made here, with `headers` that let it in."""
        with watch(self.owner, f"webtask:acme/{self.name}") as socket:
            assert self.send("last", b"", **headers).status_code == 200
            line_with(socket, "ran for last")
        lines = self.owner.api("GET", f"/{self.name}/logs?limit=1000").json()["lines"]
        found = [re.fullmatch(r"ran for (\S+)", line["text"]) for line in lines]
        return [match[1] for match in found if match]


def refused(answer: httpx.Response, status: int) -> str:
    """The message of a refusal in the protocol's shape."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert (body["code"], body["req_id"]) == (status, answer.headers["x-wt-invocation"])
    assert answer.headers["x-wt-response-source"] == "proxy"
    return str(body["message"])
