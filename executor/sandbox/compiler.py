"""From a policy, less the layers this host lacks and the operator accepts, to the zygote's plan."""

import errno
import resource
from collections.abc import Iterable
from dataclasses import replace

from executor.sandbox import landlock, libc, seccomp
from executor.sandbox.hierarchy import Place
from executor.sandbox.plan import Plan
from executor.sandbox.policy import Policy, Tmpfs
from executor.sandbox.rules import ALLOW, KILL, SEAL, Case, Match, Rule, refuse

AF_UNIX = 1


def compile_policy(policy: Policy, missing: frozenset[str], places: Iterable[Place] = ()) -> Plan:
    """`missing` are layers; `places` are where control groups can be made."""
    namespaces = policy.namespaces - missing
    filtered = "seccomp" not in missing
    # Without a network of its own a program gets none at all: the filter refuses the sockets.
    ports = policy.ports if "net" in namespaces else ()
    sealed = filtered and "seal" not in missing and any(rule.verdict == SEAL for rule in policy.rules)
    return Plan(
        argv=list(policy.argv),
        environment=dict(policy.environment),
        root=str(policy.root),
        directory=policy.directory,
        hostname=policy.hostname if "uts" in namespaces else None,
        clone_flags=sum(libc.NAMESPACE_FLAGS[name] for name in namespaces),
        oom_score=policy.oom_score,
        quota=[policy.quota.memory, policy.quota.pids, policy.quota.cpus],
        places=[[place.version, list(place.controllers), str(place.path)] for place in places],
        tmpfs=[[tmpfs.path, _mount_data(tmpfs)] for tmpfs in policy.tmpfs],
        ports=list(ports),
        rlimits=[[getattr(resource, f"RLIMIT_{limit.name}"), limit.value] for limit in policy.rlimits],
        landlock=None if "landlock" in missing else landlock.plan(policy.grants, ports, landlock.version()),
        program=_program(policy.rules, missing, sealed=sealed).hex() if filtered else None,
        sealed=sealed,
    )


def _program(rules: Iterable[Rule], missing: frozenset[str], *, sealed: bool) -> bytes:
    weaker = weaken(rules, missing)
    if sealed:
        # The zygote kills for them as surely as the kernel would, and can say for which.
        weaker = [replace(rule, verdict=SEAL) if rule.verdict == KILL else rule for rule in weaker]
    return seccomp.assemble(weaker)


def weaken(rules: Iterable[Rule], missing: frozenset[str]) -> list[Rule]:
    """Rules that lean on a missing layer lean on nothing: what it kept harmless is refused, or let be."""
    weaker = []
    for rule in rules:
        if "seal" in missing and rule.verdict == SEAL:
            # Refusing it would refuse the start of the program as well.
            weaker.append(replace(rule, verdict=ALLOW))
        elif "net" in missing and "socket" in rule.names:
            weaker.append(_only_local_sockets(rule))
        elif "pid" in missing and rule.names[0] in {"kill", "tgkill"}:
            # Inside, "myself" is no longer pid 1, so nothing is left to compare with.
            weaker.append(replace(rule, cases=(), verdict=refuse(errno.EPERM)))
        else:
            weaker.append(rule)
    return weaker


def _only_local_sockets(rule: Rule) -> Rule:
    case = Case((Match(0, (AF_UNIX,)), Match(1, (1, 2), mask=0xF)), ALLOW)
    return replace(rule, cases=(case,))


def _mount_data(tmpfs: Tmpfs) -> str:
    return f"size={tmpfs.size},nr_inodes={tmpfs.inodes},mode=0700"
