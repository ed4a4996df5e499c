"""What people do to teams, over the API."""

from typing import Any

from console.accounts.models import AuditEvent
from tests.console.people import Person

TEAM = "/api/teams/acme"


def send(person: Person, method: str, path: str = "", body: Any = None) -> Any:
    return getattr(person.client, method)(f"{TEAM}{path}", body, content_type="application/json")


def found(person: Person, **sent: str) -> Any:
    return person.client.post("/api/teams", sent, content_type="application/json")


def rename(person: Person, slug: str = "zenith", **names: str) -> Any:
    answer = send(person, "patch", "", {"slug": slug, **names})
    assert answer.status_code == 200, answer.content
    return answer.json()


def delete(person: Person, slug: str = "acme") -> Any:
    return person.client.delete(f"/api/teams/{slug}?slug={slug}")


def audited(action: str) -> AuditEvent:
    return AuditEvent.objects.filter(action=action).latest("pk")
