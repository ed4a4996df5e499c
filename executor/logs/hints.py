"""Which limit lies behind an error that the operating system gave to a webtask."""

from executor.contract import Limits
from executor.limits import LIMITS

# By the code of the error, as the guest names it (guest/node/report.js).
BEHIND = {
    "EMFILE": ("descriptors",),
    "ENOSPC": ("tmp_bytes", "tmp_inodes"),
    "EFBIG": ("tmp_bytes",),
    "ENOMEM": ("memory_bytes",),
    "ERR_WORKER_INIT_FAILED": ("threads",),
}


def hint(code: object, limits: Limits) -> str:
    """ "(limit of file descriptors: 256 descriptors)", or "" where none is known."""
    names = BEHIND.get(code, ()) if isinstance(code, str) else ()
    told = (f"limit of {LIMITS[name].title}: {_value(name, limits)}" for name in names)
    return f"({', '.join(told)})" if names else ""


def _value(name: str, limits: Limits) -> str:
    row = LIMITS[name]
    return row.text(getattr(limits, name) if row.settable else row.default)
