"""A machine too busy for one worker: it shares a single processor with many that never rest."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Collection, Iterator
from pathlib import Path

RIVALS = 9
# A worker that is not needed any more may end at any time.
GONE = (FileNotFoundError, ProcessLookupError)


def workers_of(server: int) -> list[int]:
    """Node processes below the process `server`."""
    found, below = [], [server]
    while below:
        pid = below.pop()
        with contextlib.suppress(*GONE):
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            below += [int(child) for child in children]
            if Path(f"/proc/{pid}/cmdline").read_bytes().startswith(b"/bin/node\0"):
                found.append(pid)
    assert found
    return found


@contextlib.contextmanager
def crowded(pids: Collection[int]) -> Iterator[None]:
    """While it lasts, `pids` get a tenth of one processor."""
    processor = min(os.sched_getaffinity(0))
    spin = f"import os; os.sched_setaffinity(0, [{processor}]); print(flush=True)\nwhile True: pass"
    # Each in a session of its own: the kernel may share processors out by session first.
    rivals = [
        subprocess.Popen([sys.executable, "-c", spin], stdout=subprocess.PIPE, start_new_session=True)
        for _ in range(RIVALS)
    ]
    before: dict[int, set[int]] = {}
    try:
        for rival in rivals:
            assert rival.stdout is not None
            rival.stdout.readline()
        for pid in pids:
            with contextlib.suppress(*GONE):
                before[pid] = os.sched_getaffinity(pid)
                os.sched_setaffinity(pid, [processor])
        yield
    finally:
        for rival in rivals:
            rival.kill()
            rival.communicate()
        for pid, processors in before.items():
            with contextlib.suppress(*GONE):
                os.sched_setaffinity(pid, processors)
