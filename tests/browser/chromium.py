"""How Debian's Chromium is started: quiet, without the network, and as root without its own sandbox."""

import os
import shutil
from typing import Any

FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def launch_options() -> dict[str, Any]:
    """For playwright's launch. Raises RuntimeError when there is no Chromium."""
    path = shutil.which(os.environ.get("WEBTASKS_CHROMIUM", "chromium"))
    if path is None:
        raise RuntimeError(
            "Install Chromium: apt-get install --no-install-recommends chromium fonts-dejavu-core"
        )
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": path, "args": [*FLAGS, *as_root]}
