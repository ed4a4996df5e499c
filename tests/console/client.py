"""A published client, as far as HTTP tells: a token of its own, and JSON."""

from dataclasses import dataclass, field
from typing import Any

import jwt
from django.test import Client

from console.accounts import tokens
from console.accounts.actions import issue_token
from console.accounts.audit import SYSTEM
from console.accounts.models import Team
from console.webtasks.models import Version, Webtask


@dataclass
class Webtasks:
    """Speaks to /api/ with `token` as bearer."""

    token: str
    http: Client = field(default_factory=Client)

    @classmethod
    def of(cls, team: Team | None, **claims: Any) -> "Webtasks":
        """With a token from the console."""
        return cls(tokens.sign(issue_token(team, "test", actor=SYSTEM, **claims).claims))

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        if method == "get":
            return self.http.get(f"/api/{path}", query, headers=headers)
        send = getattr(self.http, method)
        path = f"/api/{path}"
        return send(path, body, content_type="application/json", headers=headers, query_params=query or None)

    def get(self, path: str, **query: Any) -> Any:
        return self.call("get", path, **query)

    def put(self, path: str, body: Any) -> Any:
        return self.call("put", path, body)

    def delete(self, path: str) -> Any:
        return self.call("delete", path)

    def issue(self, **claims: Any) -> Any:
        return self.call("post", "tokens/issue", claims)

    def issued(self, **claims: Any) -> str:
        """The JWT."""
        answer = self.issue(**claims)
        assert answer.status_code == 200, answer.content
        return str(answer.content.decode())

    def child(self, **claims: Any) -> "Webtasks":
        return Webtasks(self.issued(**claims))


def claims_of(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


def live() -> Version:
    """Of the one webtask there is."""
    version = Webtask.objects.get().live
    assert version
    return version


def refused(answer: Any, status: int) -> str:
    """The message of a refusal in the protocol's shape."""
    assert answer.status_code == status, answer.content
    body = answer.json()
    assert set(body) == {"code", "message", "req_id"}
    assert body["code"] == status
    return str(body["message"])
