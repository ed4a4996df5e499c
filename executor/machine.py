"""What the machine, or the part of it that this process may use, has."""

import os
from pathlib import Path

_CONTROL_GROUPS = Path("/sys/fs/cgroup")
# In a container the outermost group that can be seen is the container's own.
_MEMORY_LIMITS = ("memory.max", "memory/memory.limit_in_bytes")


def memory(groups: Path = _CONTROL_GROUPS) -> int:
    """Bytes: those of the machine, or fewer where a control group says so."""
    found = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    for name in _MEMORY_LIMITS:
        try:
            text = (groups / name).read_text().strip()
        except OSError:
            continue
        if text.isdigit():  # version 2 says "max" where there is no limit
            found.append(int(text))
    return min(found)
