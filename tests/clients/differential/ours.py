"""The cases run by this project's guest, as an executor would have it run them."""

from tests.clients.differential.answers import Answer
from tests.clients.differential.case import Case
from tests.clients.differential.reference import CONTAINER, NAME
from tests.guest.call import Call
from tests.guest.guest import Guest


async def run(guest: Guest, case: Case) -> Answer:
    deployment = guest.load(
        case.code,
        team=CONTAINER,
        webtask=NAME,
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
    target = case.target(CONTAINER, NAME)
    call = guest.open(deployment, method=case.method, url=target, headers=headers, body=bool(case.body))
    if case.body:
        call.send(case.body)
        call.end()
    return call
