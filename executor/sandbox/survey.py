"""What this host gives, and whether that is enough."""

import asyncio
import json
from collections.abc import Iterable

from executor.sandbox import isolated
from executor.sandbox.errors import SandboxUnavailable
from executor.sandbox.layers import ACTIVE, LAYERS, Findings
from executor.sandbox.policy import ALL_NAMESPACES


async def look() -> Findings:
    """Raises SandboxUnavailable only when it cannot look."""
    process = await asyncio.create_subprocess_exec(
        *isolated.command("probe"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        env=isolated.environment(),
        cwd="/",
        start_new_session=True,
    )
    output, _ = await process.communicate()
    if process.returncode:
        reason = f"the probe ended with {process.returncode}"
        raise SandboxUnavailable("platform", reason, LAYERS["platform"].remedy)
    findings: dict[str, str | None] = json.loads(output)
    return findings


def judge(findings: Findings, *, wanted: Iterable[str], accepted: frozenset[str]) -> dict[str, str]:
    """What the launcher shows of each layer. Raises SandboxUnavailable for the first one missing without leave."""
    layers = {}
    for name, reason in findings.items():
        layer = LAYERS[name]
        if name in ALL_NAMESPACES.difference(wanted):
            continue
        if reason and not layer.acceptable:
            raise SandboxUnavailable(name, reason, layer.remedy)
        if reason and name not in accepted:
            raise SandboxUnavailable(name, reason, f"{layer.remedy}; or accept to go without: {layer.keeps}")
        layers[name] = f"accepted: missing ({reason})" if reason else ACTIVE
    return layers
