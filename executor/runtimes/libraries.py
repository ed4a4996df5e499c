"""Which shared libraries a program needs, and where its loader looks for them."""

import subprocess
from pathlib import Path


def needed(program: Path) -> dict[str, Path]:
    """Path inside -> path on the host: the same, so that the loader's own defaults find them there as well."""
    # The loader's own answer (it is what ldd asks): the program itself does not run.
    listing = subprocess.run(
        [str(program)],
        env={"LD_TRACE_LOADED_OBJECTS": "1"},
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    ).stdout
    found: dict[str, Path] = {}
    for line in listing.splitlines():
        name, _, path = line.strip().rpartition(" => ")
        path = path.rpartition(" (")[0]
        if name and not path.startswith("/"):
            raise FileNotFoundError(f"{program} needs the library {name}, which this host does not have")
        if path.startswith("/"):
            found[path] = Path(path)
    return found
