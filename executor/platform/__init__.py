"""The packages that every webtask may require without asking, by name and version. Imports nothing of the project."""

import functools
import json
from pathlib import Path

HOME = Path(__file__).parent


@functools.cache
def versions() -> dict[str, str]:
    """None where they were not installed (script/bootstrap)."""
    if not (HOME / "node_modules").is_dir():
        return {}
    packages = json.loads((HOME / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    return {name: packages[f"node_modules/{name}"]["version"] for name in packages[""]["dependencies"]}
