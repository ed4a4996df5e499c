"""The cases run by this project: by its guest, told what an executor tells it, or by the whole server."""

import httpx

from tests.clients.differential.answers import Answer
from tests.clients.differential.case import CONTAINER, Case
from tests.clients.differential.reference import send
from tests.guest.call import Call
from tests.guest.guest import Guest
from tests.stack import Stack


async def by_guest(guest: Guest, case: Case) -> Answer:
    deployment = guest.load(
        case.code,
        team=CONTAINER,
        webtask=case.webtask,
        params=case.params,
        secrets=case.secrets,
        meta=case.meta,
        parse_body=case.pb,
        merge_body=case.mb,
    )
    for _ in range(case.times):
        got = await _call(guest, deployment, case).answer()
    headers: dict[str, str] = {}
    for name, value in zip(got.headers[::2], got.headers[1::2], strict=True):
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return Answer(got.status, headers, got.body)


def _call(guest: Guest, deployment: int, case: Case) -> Call:
    headers = [text for pair in case.headers.items() for text in pair]
    call = guest.open(deployment, method=case.method, url=case.target, headers=headers, body=bool(case.body))
    if case.body:
        call.send(case.body)
        call.end()
    return call


def by_server(stack: Stack, http: httpx.Client, case: Case) -> Answer:
    """Makes it a webtask by the published clients' protocol, then calls it."""
    claims = {"ten": CONTAINER, "jtn": case.webtask, "code": case.code, "mb": case.mb, "dr": 1}
    wanted = {"pctx": case.params, "ectx": case.secrets, "meta": case.meta}
    claims |= {name: dict(value) for name, value in wanted.items() if value}
    if case.pb is not None:
        claims["pb"] = case.pb
    issued = http.post(
        f"{stack.url}/api/tokens/issue", json=claims, headers={"authorization": f"Bearer {stack.token}"}
    )
    assert issued.status_code == 200, issued.text
    for _ in range(case.times):
        answer = send(http, case, f"{stack.url}{case.target}")
    return answer
