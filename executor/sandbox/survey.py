"""What this host gives, and whether that is enough."""

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from executor.sandbox import isolated
from executor.sandbox.errors import SandboxUnavailable
from executor.sandbox.hierarchy import Place
from executor.sandbox.layers import LAYERS, Findings, Standing
from executor.sandbox.policy import ALL_NAMESPACES

Fact = str | int | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A host as the probe found it a moment ago.

    `mode`: "root" and "unprivileged" have namespaces. `kernel` holds facts for whoever looks for a remedy.
    """

    mode: str
    findings: Findings
    kernel: Mapping[str, Fact]
    # Where control groups bound a process.
    places: tuple[Place, ...] = ()


async def look() -> Survey:
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
    found: dict[str, Any] = json.loads(output)
    places = tuple(Place(version, tuple(names), Path(path)) for version, names, path in found.pop("places"))
    return Survey(**found, places=places)


def judge(findings: Findings, *, wanted: Iterable[str], accepted: frozenset[str]) -> tuple[Standing, ...]:
    """How each layer stands; of the namespaces only the `wanted` ones."""
    unwanted = ALL_NAMESPACES.difference(wanted)
    return tuple(
        _standing(name, reason, accepted) for name, reason in findings.items() if name not in unwanted
    )


def require(standings: Iterable[Standing]) -> None:
    """Raises SandboxUnavailable for the first layer that is missing without leave."""
    for it in standings:
        if it.refuses:
            raise SandboxUnavailable(it.name, it.reason, it.remedy)


def _standing(name: str, reason: str | None, accepted: frozenset[str]) -> Standing:
    layer = LAYERS[name]
    if reason is None:
        return Standing(name=name, state="active", keeps=layer.keeps)
    if layer.optional:
        return Standing(name=name, state="weaker", keeps=layer.keeps, reason=reason, remedy=layer.remedy)
    leave = layer.acceptable and name in accepted
    remedy = layer.remedy
    if layer.acceptable:
        remedy += f"; or set WEBTASKS_ACCEPT_WEAKER={name} to go without: {layer.keeps}"
    return Standing(
        name=name, state="missing", keeps=layer.keeps, reason=reason, remedy=remedy, accepted=leave
    )
