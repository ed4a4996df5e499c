"""Which shared libraries a program needs, and where its loader looks for them."""

import subprocess
from collections.abc import Iterable
from pathlib import Path


def needed(program: Path, modules: Iterable[Path] = ()) -> dict[str, Path]:
    """For `program`, and for what it loads later. Path inside -> path on the host.

    Both are the same, so that the loader's own defaults find them inside as well.
    """
    # The loader answers in the program's place (this is how ldd asks); the program itself does not run.
    asking = {"LD_TRACE_LOADED_OBJECTS": "1", "LD_PRELOAD": ":".join(map(str, modules))}
    listing = subprocess.run(
        [str(program)], env=asking, capture_output=True, text=True, check=True, timeout=30
    )
    found: dict[str, Path] = {}
    for line in listing.stdout.splitlines():
        name, _, place = line.strip().rpartition(" => ")
        path = place.rpartition(" (")[0]
        if path.startswith("/"):
            found[path] = Path(path)
        elif name:
            raise FileNotFoundError(f"{program} needs the library {name}, which this host does not have")
    return found
