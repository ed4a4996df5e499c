"""`script/trace [runtime …]`: runs each runtime's workload and compares what it asked for with the policy."""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

from executor.sandbox.compiler import compile_policy
from executor.sandbox.counts import count
from executor.sandbox.rules import ALLOW, Rule, by_name
from tests.trace.policies import POLICIES
from tests.trace.tables import TABLES
from tests.trace.tracer import program

PATIENCE = 300
# The tracer's filter must let it pass.
UNSEEN = {"rt_sigreturn"}


def trace(runtime: str) -> Counter[tuple[str, str, tuple[int, ...]]]:
    with tempfile.TemporaryDirectory(prefix="webtasks-trace-") as data:
        plan = compile_policy(POLICIES[runtime](Path(data)), frozenset())
        plan = replace(plan, program=program().hex(), sealed=True)
        ran = subprocess.run(
            [sys.executable, "-m", "tests.trace.tracer"],
            input=json.dumps({"runtime": runtime, "plan": plan.to_json()}),
            stdout=subprocess.PIPE,
            text=True,
            timeout=PATIENCE,
            check=True,
        )
    told = json.loads(ran.stdout)
    if told["status"]:
        print(f"the workload of {runtime} ended with {told['status']}")
    return Counter({(name, met, tuple(arguments)): times for name, met, arguments, times in told["seen"]})


def report(runtime: str, seen: Counter[tuple[str, str, tuple[int, ...]]]) -> None:
    rules = TABLES[runtime]
    passed: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    for (name, met, arguments), times in seen.items():
        if met == ALLOW.kind.value:
            passed[name] += times
        else:
            refused[f"{met} {name}{_shown(arguments)}"] += times
    open_to = {name for name, rule in by_name(rules).items() if _lets_through(rule)} - UNSEEN
    total = count(rules).total
    print(
        f"\n{runtime}: {total} system calls may be made (execve once), {len(passed)} were; {sum(passed.values()):,} calls"
    )
    print(f"  made: {' '.join(f'{name}:{times}' for name, times in sorted(passed.items()))}")
    print(f"  allowed and not made: {' '.join(sorted(open_to - passed.keys())) or 'none'}")
    print("  asked for and refused:")
    for row, times in sorted(refused.items()):
        print(f"    {times:6}  {row}")


def _shown(arguments: tuple[int, ...]) -> str:
    return f"({', '.join(hex(it) for it in arguments)})" if arguments else ""


def _lets_through(rule: Rule) -> bool:
    return rule.verdict == ALLOW or any(case.verdict == ALLOW for case in rule.cases)


def main() -> None:
    parser = argparse.ArgumentParser(prog="script/trace", description=__doc__)
    parser.add_argument(
        "runtimes", nargs="*", metavar="runtime", help="node or python; both when none is given"
    )
    wanted = parser.parse_args().runtimes
    if unknown := [name for name in wanted if name not in POLICIES]:
        parser.error(f"there is no runtime {unknown[0]}")
    for runtime in wanted or POLICIES:
        report(runtime, trace(runtime))


if __name__ == "__main__":
    main()
