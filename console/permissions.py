"""docs/permissions.md, from the one table and from what each way in declares."""

from collections.abc import Iterable

from console.accounts.needs import Need
from console.accounts.roles import RIGHTS, TABLE, TOGETHER, Action, Right, Role
from console.ways import TOPIC, Way, ways

_PAGE = """\
# Permissions

Written from `console/accounts/roles.py` and from what each route, endpoint, page and topic declares (`@needs`), by `script/fix`.
A test says when it is stale; others (`tests/console/test_walk.py`) have everybody try every way in, and compare.

What somebody may is an **action**. A member's role gives them some in their team; a collaborator's rights give them some with one
webtask of another team; a token gives its holder some of what its author may. Nothing else gives any.

Who is no member of a team, and whom none of its webtasks is shared with, is told of it what they would be told if it were not there:
404 in the same words. Who belongs there and lacks the action is told so: 403. Who shows nothing is asked to sign in: 401 from the API, the page
to sign in from a page. The endpoints of the published clients answer all of it with 403, as those clients expect.

## Roles

Each is of one person in one team, and may all that the ones after it may.

| action | a member may … | {heads} |
|---|---|{lines}|
{actions}

## Collaborators

A webtask can be shared with a person, by the address that they have proved, or with a team: then each of its members has of the rights
no more than their role lets them do in their own team. Other webtasks and the team itself stay out of sight.

| right | gives |
|---|---|
{rights}

{together} Give both to whom you would give those.

## Tokens

The scopes of a token are actions. A member issues tokens no wider than what they may, and a token, where its depth lets it, tokens no wider than
itself. What becomes of them when their author may less than before depends on their kind.

- **API tokens** (`wtk_…`) act as their author: each does what its scopes name and its author may at that moment. When their role shrinks, so does the
  token; when they leave the team or are suspended, it ends; and so it is with all that descends from it, webtask tokens too. They are
  for the API and the websocket, in the team that they were issued in. One for named webtasks sees those alone, and
  may nothing of the team's own (`team.…`, `token.…`, `webtask.create`) but issue others for the same webtasks (`token.own`). One for some methods of HTTP is for
  those alone. None reaches System, nor a page.
- **Webtask tokens** (JWTs) are for the endpoints of the published clients, and for running code. One that names no scopes may all that these
  endpoints do, as ever, in the containers of its claim `ten` and for the names of its claim `jtnm`; one that fixes its code may run that.
  One that no API token is above is the team's: it stays, as wide as it is, when its author's role shrinks, when they leave, are removed or
  suspended. Whoever does that is offered to revoke all that they issued. What a webtask's URL stands for is the webtask's, and stays anyway.
- **Sign-ins of the published clients** may what the person's role lets them do, in the teams that they chose. Each token that is issued by one is for
  one of those.

The schema (`/api/schema`) says of each operation which action it needs, as the role of its security requirements.

## Routes of the API

{api}

## Endpoints of the published clients

{protocol}

## Pages

{web}

The pages of `/signin`, `/signup` and `/account` are about the person who is at them.

## Topics of the websocket

A topic is asked for when it is subscribed to, and again each time that something is to be sent.

{topic}

## What executors ask

{live}
"""


def page() -> str:
    found = ways()
    return _PAGE.format(
        heads=" | ".join(role.label.lower() for role in Role),
        lines="|".join(":-:" for _ in Role),
        actions="\n".join(_action(action) for action in Action),
        together=TOGETHER,
        rights="\n".join(_right(right) for right in Right),
        **{kind: _ways(found, kind) for kind in ("api", "protocol", "web", TOPIC, "live")},
    )


def _action(action: Action) -> str:
    cells = " | ".join("✓" if action in TABLE[role] else "" for role in Role)
    return f"| `{action}` | {action.label} | {cells} |"


def _right(right: Right) -> str:
    return f"| {right.label} (`{right}`) | {', '.join(_in_order(RIGHTS[right]))} |"


def _in_order(actions: Iterable[Action]) -> list[str]:
    return [f"`{action}`" for action in Action if action in actions]


def _ways(found: list[Way], kind: str) -> str:
    rows = [f"| `{way}` | {_needs(way.needs)} |" for way in found if way.kind == kind]
    return "\n".join(["| | needs |", "|---|---|", *rows])


def _needs(needs: tuple[Need, ...]) -> str:
    return "; ".join(_need(need) for need in needs)


def _need(need: Need) -> str:
    what = f"`{need.what}`" if isinstance(need.what, Action) else f"for {need.what.label}"
    return f"{what} when {need.when}" if need.when else what
