"""A policy for a process that stays in the host's own root directory: its paths are the host's."""

import dataclasses
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from executor.sandbox.policy import Access, Grant, Policy

_LONGEST = 4096
# Where a loader looks for libraries by itself; their paths inside are those outside.
_LIBRARIES = ("lib", "lib64", "usr")
# Stands for scratch space until a sandbox has some: no path of a policy begins like this.
SCRATCH = "//scratch"
# Counted for each user of the host, and all sandboxes are the same one.
_PER_USER = frozenset({"NPROC", "SIGPENDING", "MSGQUEUE"})


def outside(policy: Policy) -> Policy:
    """Paths below the root become the host's; those of scratch space begin with SCRATCH: each sandbox has its own."""
    return dataclasses.replace(
        policy,
        argv=tuple(words(policy.argv, policy)),
        directory=_word(policy.directory, policy),
        environment={name: _path_list(text, policy) for name, text in policy.environment.items()},
        grants=(*_grants(policy), *_libraries(policy.root)),
        rlimits=tuple(limit for limit in policy.rlimits if limit.name not in _PER_USER),
    )


def words(argv: Sequence[str], policy: Policy) -> list[str]:
    return [_word(word, policy) for word in argv]


def _word(word: str, policy: Policy) -> str:
    for tmpfs in policy.tmpfs:
        if f"{word}/".startswith(f"{tmpfs.path}/"):
            return f"{SCRATCH}{word.removeprefix(tmpfs.path)}"
    if not word.startswith("/") or len(word) > _LONGEST:
        return word
    for share in policy.shares:
        if f"{word}/".startswith(f"{share.path}/"):
            return f"{share.directory}{word.removeprefix(share.path)}"
    there = policy.root / word.lstrip("/")
    return str(there) if os.path.lexists(there) else word


def _path_list(text: str, policy: Policy) -> str:
    return ":".join(_word(part, policy) for part in text.split(":"))


def _grants(policy: Policy) -> Iterator[Grant]:
    for grant in policy.grants:
        yield dataclasses.replace(grant, path=_word(grant.path, policy))


def _libraries(root: Path) -> Iterator[Grant]:
    for folder in _LIBRARIES:
        for path in sorted((root / folder).rglob("*.so*")):
            own = Path("/") / path.relative_to(root)
            if own.exists():
                yield Grant(str(own), Access.READ_EXECUTE, "the host's own copy, which its loader takes")
