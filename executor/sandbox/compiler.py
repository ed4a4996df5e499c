"""From a policy, less the layers this host lacks and the operator accepts, to the zygote's plan."""

import resource
from collections.abc import Iterable
from dataclasses import replace

from executor.sandbox import landlock, libc, seccomp
from executor.sandbox.hierarchy import Place
from executor.sandbox.modes import ROOT, Mode
from executor.sandbox.outside import outside
from executor.sandbox.plan import Plan
from executor.sandbox.policy import LARGEST_FILE, Policy, Rlimit, Tmpfs
from executor.sandbox.rules import KILL, SEAL, Rule
from executor.sandbox.weaken import weaken


def compile_policy(
    policy: Policy, missing: frozenset[str], *, mode: Mode = ROOT, places: Iterable[Place] = ()
) -> Plan:
    """`missing` are layers, also those that something stands in for; control groups can be made at `places`."""
    namespaces = policy.namespaces - missing if mode.namespaces else frozenset()
    if not mode.rooted:
        policy = outside(policy)
    filtered = "seccomp" not in missing
    # Without a network of its own a program gets none at all: the filter refuses the sockets.
    ports = policy.ports if "net" in namespaces else ()
    sealed = filtered and "seal" not in missing and any(rule.verdict == SEAL for rule in policy.rules)
    fence = None if "landlock" in missing else landlock.plan(policy.grants, ports, landlock.version())
    rules = weaken(policy.rules, missing, mode=mode, scoped=fence is not None and fence.scopes > 0)
    return Plan(
        mode=mode.name,
        argv=list(policy.argv),
        environment=dict(policy.environment),
        root=str(policy.root),
        directory=policy.directory,
        hostname=policy.hostname if "uts" in namespaces else None,
        clone_flags=sum(libc.NAMESPACE_FLAGS[name] for name in namespaces),
        scratch=policy.directory,
        jails=str(policy.root.parent / "jails"),
        oom_score=policy.oom_score,
        quota=[policy.quota.memory, policy.quota.pids, policy.quota.cpus],
        places=[[place.version, list(place.controllers), str(place.path)] for place in places],
        tmpfs=[[tmpfs.path, _mount_data(tmpfs)] for tmpfs in policy.tmpfs if mode.namespaces],
        shares=[[str(share.directory), share.path, list(share.at_birth)] for share in policy.shares],
        ports=list(ports),
        rlimits=[_rlimit(limit, mode) for limit in policy.rlimits],
        landlock=fence,
        program=_program(rules, sealed=sealed).hex() if filtered else None,
        sealed=sealed,
    )


def _program(rules: Iterable[Rule], *, sealed: bool) -> bytes:
    if sealed:
        # The zygote kills for them as surely as the kernel would, and can say for which.
        rules = [replace(rule, verdict=SEAL) if rule.verdict == KILL else rule for rule in rules]
    return seccomp.assemble(rules)


def _rlimit(limit: Rlimit, mode: Mode) -> list[int]:
    value = limit.value if mode.namespaces or limit.name != "FSIZE" else min(limit.value, LARGEST_FILE)
    return [getattr(resource, f"RLIMIT_{limit.name}"), value]


def _mount_data(tmpfs: Tmpfs) -> str:
    return f"size={tmpfs.size},nr_inodes={tmpfs.inodes},mode=0700"
