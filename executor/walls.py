"""Writes docs/walls.md from the tables that the sandbox is made of, so that what is published is what is applied."""

import sys
from collections.abc import Iterable

from executor.sandbox.allowances import NODE, PYTHON
from executor.sandbox.counts import count
from executor.sandbox.layers import LAYERS
from executor.sandbox.modes import MODES, Mode
from executor.sandbox.refusals import DEADLY, FORBIDDEN
from executor.sandbox.rules import PRETEND, Rule, by_name

RUNTIMES = {"Node": (*NODE, *FORBIDDEN, *DEADLY), "Python": (*PYTHON, *FORBIDDEN, *DEADLY)}

_HOW = {
    "allowed": "freely",
    "checked": "by arguments",
    "sealed": "once",
    "pretended": "does nothing",
    "refused": "refused",
}
_PAGE = """\
# Walls

Written from `executor/sandbox/{{layers,modes,allowances,refusals}}.py` by `script/fix`; a test says when it is stale.
[sandbox.md](sandbox.md) explains them.

## Layers in each mode

| layer | keeps | {modes} |
|---|---|{dashes}
{layers}

"needed": the executor refuses to serve without it. "or named": it refuses, unless `WEBTASKS_ACCEPT_WEAKER` names the
layer. "or weaker": it serves without and says so.

## System calls

A call that is in no table is unknown (ENOSYS). A deadly call ends the worker and becomes a security event with its name.

| runtime | freely | by their arguments | once, at the start | **can reach the kernel** | refused, or does nothing | deadly |
|---|---|---|---|---|---|---|
{counts}

### Allowed, and checked by their arguments

| calls | runtimes | how | why |
|---|---|---|---|
{allowed}

### Refused and deadly

| calls | what happens | why |
|---|---|---|
{refused}
"""


def page() -> str:
    return _PAGE.format(
        modes=" | ".join(MODES),
        dashes="---|" * len(MODES),
        layers="\n".join(_layer(name) for name in LAYERS),
        counts="\n".join(_counts(name, rules) for name, rules in RUNTIMES.items()),
        allowed="\n".join(dict.fromkeys(_allowed(rule) for rule in (*NODE, *PYTHON))),
        refused="\n".join(
            f"| {_names(rule)} | {'deadly' if rule in DEADLY else 'refused'} | {rule.reason} |"
            for rule in (*FORBIDDEN, *DEADLY)
        ),
    )


def _layer(name: str) -> str:
    layer = LAYERS[name]
    return f"| {name} | {layer.keeps} | {' | '.join(_standing(name, mode) for mode in MODES.values())} |"


def _standing(name: str, mode: Mode) -> str:
    if name in mode.stand_ins:
        return f"weaker: {mode.stand_ins[name]}"
    if name in mode.needs:
        return "needed"
    return "or weaker" if LAYERS[name].optional else "or named"


def _counts(name: str, rules: Iterable[Rule]) -> str:
    it = count(rules)
    return f"| {name} | {it.allowed} | {it.checked} | {it.sealed} | **{it.total}** | {it.refused} | {it.deadly} |"


def _allowed(rule: Rule) -> str:
    how = _HOW[_kind(rule)]
    users = [name for name, rules in RUNTIMES.items() if rule.names[0] in by_name(rules) and rule in rules]
    return f"| {_names(rule)} | {' '.join(users)} | {how} | {rule.reason} |"


def _kind(rule: Rule) -> str:
    it = count([rule])
    if it.refused:
        return "pretended" if rule.verdict == PRETEND else "refused"
    return "sealed" if it.sealed else "checked" if it.checked else "allowed"


def _names(rule: Rule) -> str:
    return " ".join(f"`{name}`" for name in rule.names)


if __name__ == "__main__":
    sys.stdout.write(page())
