"""The table of system calls where a layer is missing: what leans on one leans on nothing then."""

import errno
from collections.abc import Iterable
from dataclasses import replace

from executor.sandbox.modes import Mode
from executor.sandbox.rules import ALLOW, SEAL, Case, Match, Rule, refuse

_AF_UNIX = 1
# What Landlock does not stand before, on files of the host that the executor's own user may change or watch.
_PAST_LANDLOCK = frozenset({"chmod", "fchmod", "fchmodat", "fchmodat2"}) | frozenset(
    {"utimensat", "utime", "utimes", "futimesat", "inotify_add_watch"}
    | {"getxattr", "lgetxattr", "fgetxattr", "listxattr", "llistxattr", "flistxattr"}
)


def weaken(rules: Iterable[Rule], missing: frozenset[str], *, mode: Mode, scoped: bool) -> list[Rule]:
    """What a missing layer kept harmless is refused, or let be. `scoped`: Landlock minds sockets without a path."""
    local = mode.namespaces or (mode.rooted and scoped)
    return [part for rule in rules for part in _weaken(rule, missing, rooted=mode.rooted, local=local)]


def _weaken(rule: Rule, missing: frozenset[str], *, rooted: bool, local: bool) -> Iterable[Rule]:
    if "seal" in missing and rule.verdict == SEAL:
        # Refusing it would refuse the start of the program as well.
        return [replace(rule, verdict=ALLOW)]
    if "socket" in rule.names and "net" in missing:
        # In the host's own root a path leads to any of its sockets: those Landlock does not mind.
        return [replace(rule, cases=_only_local_sockets() if local else ())]
    if rule.names[0] in {"kill", "tgkill"} and "pid" in missing:
        # Inside, "myself" is no longer pid 1, so nothing is left to compare with.
        return [replace(rule, cases=(), verdict=refuse(errno.EPERM))]
    if not rooted and _PAST_LANDLOCK.intersection(rule.names):
        return _split(rule)
    return [rule]


def _only_local_sockets() -> tuple[Case, ...]:
    return (Case((Match(0, (_AF_UNIX,)), Match(1, (1, 2), mask=0xF)), ALLOW),)


def _split(rule: Rule) -> Iterable[Rule]:
    kept = tuple(name for name in rule.names if name not in _PAST_LANDLOCK)
    if kept:
        yield replace(rule, names=kept)
    refused = tuple(name for name in rule.names if name in _PAST_LANDLOCK)
    yield replace(rule, names=refused, cases=(), verdict=refuse(errno.EPERM))
