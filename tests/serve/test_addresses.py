"""From where a person wrote: what the audit trail has of it when a proxy stands in front, and when somebody says so."""

import httpx

from tests.stack import Member, Stack

AUDIT = "/api/teams/acme/audit"
SAID = {"x-forwarded-for": "203.0.113.7"}


def written(stack: Stack, member: Member) -> str:
    """The address of a write whose request says that it is for 203.0.113.7."""
    made = member.api("POST", "", json={"name": "addressed"}, headers=SAID)
    assert made.status_code == 201, made.text
    events = member.http.get(AUDIT, params={"action": "webtask.create", "object": "addressed"}).json()
    address: str = events[0]["address"]
    return address


def test_what_a_trusted_proxy_says_is_written_down(tmp_path):
    stack = Stack.start(tmp_path / "data", WEBTASKS_TRUSTED_PROXIES="127.0.0.0/8,::1/128")
    try:
        with Member(stack, stack.email, stack.password) as member:
            assert written(stack, member) == "203.0.113.7"
            # The published clients' endpoints, too.
            headers = {"authorization": f"Bearer {stack.token}", **SAID}
            put = httpx.put(
                f"{stack.url}/api/webtask/acme/addressed/data", json={"data": "1"}, headers=headers
            )
            assert put.status_code == 200, put.text
            saved = member.http.get(AUDIT, params={"action": "storage.save"}).json()
            assert saved[0]["address"] == "203.0.113.7"
    finally:
        stack.stop()


def test_what_a_stranger_says_is_not(stack, owner):
    assert written(stack, owner) == "127.0.0.1"
