"""A zygote for one sandbox whose every system call it decides itself, by the policy's rules, and writes down.

Its own program (python -m tests.trace.tracer): told a job on standard input, it writes what it saw to standard output.
"""

import contextlib
import errno
import json
import os
import select
import sys
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from executor.sandbox import zygote
from executor.sandbox.birth import Child
from executor.sandbox.plan import Plan
from executor.sandbox.rules import ALLOW, SEAL, Case, Kind, Match, Rule, Verdict, by_name, refuse
from executor.sandbox.seal import CONTINUE, Seal, Waiting, readable
from executor.sandbox.seccomp import assemble
from executor.sandbox.syscalls import NAMES, NUMBERS
from tests.trace import outside, tables

# Nobody listens yet when the child hands over the listener, so that one call must pass. By handing in a high
# descriptor we know the number of the one it speaks on: three standard ones and that one are parked before it.
_HIGH = 200
_LINE = _HIGH + 1 + 4
UNKNOWN = refuse(errno.ENOSYS)

# What a call was, what it met, for what arguments it was refused; how often.
Seen = Counter[tuple[str, str, tuple[int, ...]]]


def program() -> bytes:
    """The filter that leaves every call to the tracer."""
    own = Rule(("sendmsg",), SEAL, "the listener's way out", (Case((Match(0, (_LINE,)),), ALLOW),))
    back = Rule(("rt_sigreturn",), ALLOW, "a signal that interrupts the return from another ruins the stack")
    return assemble([own, back], unknown=SEAL)


def judge(rules: dict[str, Rule], waiting: Waiting) -> Verdict:
    rule = rules.get(NAMES.get(waiting.number, ""))
    return UNKNOWN if rule is None else rule.judge(waiting.arguments)


class Tracer(Seal):
    def __init__(self, listener: int, rules: Iterable[Rule], seen: Seen) -> None:
        super().__init__(listener)
        self._rules = by_name(rules)
        self._seen = seen

    def let_through(self, timeout: float) -> None:
        """Everything up to the first execve is our own code's."""
        while True:
            if not readable(self.listener, timeout):
                raise OSError("the sealed call did not come")
            waiting = self._receive()
            self._answer(waiting, 0, CONTINUE)
            if waiting.number == NUMBERS["execve"]:
                return

    def hear(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            waiting = self._receive()
            verdict = judge(self._rules, waiting)
            self._note(waiting, verdict)
            if verdict == ALLOW:
                self._answer(waiting, 0, CONTINUE)
            else:
                # Also for a deadly one: what else the workload asks for is worth knowing.
                self._refuse(waiting, verdict.number if verdict.kind is Kind.ERRNO else errno.ENOSYS)

    def _note(self, waiting: Waiting, verdict: Verdict) -> None:
        name = NAMES.get(waiting.number, str(waiting.number))
        if verdict.kind is not Kind.ERRNO:
            self._seen[name, verdict.kind.value, ()] += 1
            return
        cases = self._rules[name].cases if name in self._rules else ()
        told = {
            it.argument: waiting.arguments[it.argument] & it.mask for case in cases for it in case.matches
        }
        met = errno.errorcode.get(verdict.number, "pretended")
        self._seen[name, met, tuple(told[number] for number in sorted(told))] += 1


def watch(child: Child) -> None:
    """Until it has ended."""
    assert isinstance(child.seal, Tracer)
    poller = select.poll()
    poller.register(child.seal.listener, select.POLLIN)
    poller.register(child.pidfd, select.POLLIN)
    while True:
        for descriptor, event in poller.poll():
            if descriptor == child.pidfd:
                return
            if event & select.POLLIN:
                child.seal.hear()
            else:
                poller.unregister(descriptor)


def main() -> None:
    job = json.load(sys.stdin)
    rules, seen = tables.TABLES[job["runtime"]], Seen()
    mother, identities = zygote.settle(Plan.from_json(job["plan"]))
    mother = replace(mother, seal=lambda listener: Tracer(listener, rules, seen))
    # Everything it says is for the person who traces.
    child = mother.bear(
        identities.take(), {1: sys.stderr.fileno(), 2: sys.stderr.fileno(), _HIGH: mother.null}
    )
    answering = threading.Thread(target=outside.answer, args=(child.listeners,), daemon=True)
    answering.start()
    watch(child)
    status = child.reap().status
    rows = [[*call, count] for call, count in seen.items()]
    json.dump({"status": os.waitstatus_to_exitcode(status), "seen": rows}, sys.stdout)


if __name__ == "__main__":
    main()
