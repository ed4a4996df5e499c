"""How narrow the walls are: the numbers of README and docs, held by a test."""

from executor.sandbox.allowances import NODE, PYTHON
from executor.sandbox.counts import count
from executor.sandbox.refusals import DEADLY, FORBIDDEN
from executor.sandbox.rules import by_name

MOST = {"node": 110, "python": 90}
TABLES = {"node": NODE, "python": PYTHON}


def test_each_runtime_stays_within_its_number():
    totals = {name: count(rules).total for name, rules in TABLES.items()}
    assert {name: total for name, total in totals.items() if total > MOST[name]} == {}


def test_every_call_is_counted_once():
    for rules in TABLES.values():
        table = (*rules, *FORBIDDEN, *DEADLY)
        counts = count(table)
        assert counts.total + counts.refused + counts.deadly == len(by_name(table))
        assert counts.sealed == 1


def test_every_rule_has_a_reason():
    for rules in TABLES.values():
        assert [rule for rule in rules if not rule.reason] == []
