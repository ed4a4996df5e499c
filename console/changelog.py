"""The version is the changelog's newest heading: there is no second place to forget."""

import re
from pathlib import Path

_HEADING = re.compile(r"^## (\d+\.\d+\.\d+)\b", re.MULTILINE)


def version(path: Path) -> str:
    found = _HEADING.search(path.read_text(encoding="utf-8"))
    if found is None:
        raise ValueError(f"{path} has no heading like '## 1.2.3 - 2026-01-31'")
    return found.group(1)
