"""The proof: everybody there can be tries every route of the API, and fares as the one table says. Then the table is
changed, cell by cell and row by row, and each change must show."""

import pytest
from django.db.models import TextChoices

from console.accounts.models import Team, Token
from console.accounts.roles import RIGHTS, TABLE, Action, Right, Role
from tests.console import test_access
from tests.console.test_access import rows
from tests.console.walk.cast import cast
from tests.console.walk.holders import holders, scoped
from tests.console.walk.sessions import sessions
from tests.console.walk.walk import Attempt, attempt, expected, walk
from tests.console.walk.walker import TEAM_WIDE, Law, Walker

nightly = test_access.nightly
# Nothing asks for these yet.
IDLE: set[Action] = set()

# Worth nothing to whoever lacks the other: one revokes what one sees.
WORTHLESS_WITHOUT = {Action.REVOKE: Action.TOKENS}

_walked: list[Attempt] = []


@pytest.fixture
def walked(people, nightly) -> list[Attempt]:
    """Everybody has tried every route. Once for all tests: what comes of it is no row of the database."""
    if not _walked:
        everybody = [*cast(people), *holders(people), *sessions(people)]
        owned(everybody)
        _walked.extend(walk(everybody, rows()))
    return _walked


def owned(walkers: list[Walker]) -> None:
    """Each has a token of their own in the team, whatever they may do with it."""
    acme = Team.objects.get(slug="acme")
    for user in {walker.user for walker in walkers if walker.user}:
        Token.objects.create(jti=f"own{user}", team=acme, author_id=user, name="mine", claims={})


@pytest.mark.timeout(400)
def test_everybody_may_what_the_table_says_and_nothing_else(walked):
    assert len(walked) > 1500
    found = [str(attempt) for attempt in walked if not attempt.right(Law())]
    assert not found, "\n".join(found)


# -- nothing of it is idle: whatever is changed in the table, the walk would tell -------------------------------


def test_every_action_is_asked_for_somewhere():
    asked = {row.what for row in rows()}
    assert IDLE & asked == set(), "something asks for it now: take it out of IDLE"
    assert set(Action) - IDLE - asked == set(), "no route needs it: add the route's row to ROUTES"


def test_no_cell_of_the_table_could_be_otherwise(walked):
    """Of a role and an action, of a right and an action."""
    cells = [(who, action) for who in (*Role, *Right) for action in Action if action not in IDLE]
    idle = [cell for cell in cells if not moot(*cell) and unnoticed(walked, Law().flipped(*cell))]
    assert idle == []


def moot(who: TextChoices, action: Action) -> bool:
    """One webtask is shared, never something of the team."""
    if isinstance(who, Right):
        return action in TEAM_WIDE
    return action in WORTHLESS_WITHOUT and WORTHLESS_WITHOUT[action] not in TABLE[Role(who)]


def unnoticed(attempts: list[Attempt], law: Law) -> bool:
    return all(attempt.right(law) for attempt in attempts)


def test_nobody_is_given_what_is_worth_nothing_to_them():
    given = [(who, action) for who, actions in (*TABLE.items(), *RIGHTS.items()) for action in actions]
    assert [cell for cell in given if moot(*cell)] == []


@pytest.mark.parametrize("one", [one for one in rows() if one.steps], ids=str)
def test_no_row_could_ask_for_another_action(people, nightly, one):
    """Whose token has those actions and no other gets in; whose lacks any of them and has all others does not."""
    owner = people.alice.user
    asked = {action for action, _ in one.steps}
    for scopes in (asked, *(set(Action) - {action} for action in asked)):
        holder = scoped(owner, scopes)
        owned([holder])
        assert attempt(holder, one) == expected(holder, one, Law()), holder
        Token.objects.filter(jti=f"own{holder.user}").delete()


def test_the_code_asks_the_table(people, nightly, monkeypatch):
    """Not something that happens to agree with it: each cell that is flipped opens or closes a route."""
    members = [walker for walker in cast(people) if walker.role and not walker.rights]
    owned(members)
    for action in set(Action) - IDLE:
        one = next(row for row in rows() if row.what == action)
        for member in members:
            assert member.role
            if moot(member.role, action):
                continue
            law, usual = Law().flipped(member.role, action), expected(member, one, Law())
            with monkeypatch.context() as patch:
                patch.setitem(TABLE, member.role, law.roles[member.role])
                assert usual != attempt(member, one) == expected(member, one, law), (member.name, str(one))
