"""Three people: alice owns the team, bob is on it in some role, charlie must never get in."""

from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from console.accounts.actions import add_member, create_team, create_user
from console.accounts.audit import SYSTEM
from console.accounts.models import Team, User
from console.accounts.roles import Role

API = "/api/teams/acme/webtasks"


@dataclass
class Person:
    """Someone signed in, who speaks JSON to the API."""

    user: User
    client: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        self.client.force_login(self.user)

    def get(self, path: str = "", **headers: str) -> Any:
        return self.client.get(f"{API}{path}", headers=headers)

    def post(self, path: str = "", body: Any = None, **headers: str) -> Any:
        return self._send("post", path, body, headers)

    def patch(self, path: str, body: Any) -> Any:
        return self._send("patch", path, body, {})

    def put(self, path: str, body: Any, **headers: str) -> Any:
        return self._send("put", path, body, headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self._send("delete", path, None, headers)

    def save(self, name: str, code: str, *, base: int | None = None, etag: str = "") -> Any:
        return self.put(f"/{name}/draft", {"code": code, "base": base}, **_seen(etag))

    def discard(self, name: str, *, etag: str = "") -> Any:
        return self.delete(f"/{name}/draft", **_seen(etag))

    def publish(self, name: str, code: str, *, base: int | None = None) -> Any:
        """Saves over whatever draft there is, and publishes it."""
        etag = self.get(f"/{name}").json()["draft"]["etag"]
        saved = self.save(name, code, base=base, etag=etag)
        assert saved.status_code == 200, saved.content
        return self.post(f"/{name}/publish", {"message": "why", "etag": saved.json()["etag"]})

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        send = getattr(self.client, method)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return send(
            f"{API}{path}", {} if body is None else body, content_type="application/json", headers=headers
        )


@dataclass
class People:
    team: Team
    alice: Person
    charlie: Person
    _bobs: dict[Role, Person] = field(default_factory=dict)

    @classmethod
    def gather(cls) -> "People":
        alice, charlie = (_person(name) for name in ("alice", "charlie"))
        team = create_team("acme", "Acme", owner=alice.user, actor=SYSTEM)
        # A stranger with a team of his own: signed in, and still a stranger here.
        create_team("chaos", "Chaos", owner=charlie.user, actor=SYSTEM)
        return cls(team, alice, charlie)

    def bob(self, role: Role) -> Person:
        """Bob, on the team as `role`."""
        if role not in self._bobs:
            self._bobs[role] = _person(f"bob-{role}")
            add_member(self.team, self._bobs[role].user, role, actor=SYSTEM)
        return self._bobs[role]

    @staticmethod
    def stranger(name: str) -> Person:
        return _person(name)


def _seen(etag: str) -> dict[str, str]:
    """That the draft is that one; "" is none."""
    return {"if_match": f'"{etag}"'} if etag else {"if_none_match": "*"}


def _person(name: str) -> Person:
    return Person(create_user(f"{name}@example.com", password=None, actor=SYSTEM, name=name.title()))
