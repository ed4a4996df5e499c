"""What this host gives, and whether that is enough."""

import asyncio
import functools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from executor.sandbox import isolated
from executor.sandbox.errors import SandboxUnavailable
from executor.sandbox.hierarchy import Place
from executor.sandbox.layers import LAYERS, Findings, Layer, Standing
from executor.sandbox.modes import MODES, Mode
from executor.sandbox.policy import ALL_NAMESPACES

Fact = str | int | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A host as the probe found it a moment ago.

    `mode` is a name of modes.MODES. `kernel` holds facts for whoever looks for a remedy.
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


def judge(host: Survey, *, wanted: Iterable[str], accepted: frozenset[str]) -> tuple[Standing, ...]:
    """How each layer stands; of the namespaces only the `wanted` ones."""
    unwanted, mode = ALL_NAMESPACES.difference(wanted), MODES[host.mode]
    return tuple(
        _standing(LAYERS[name], reason, accepted, mode)
        for name, reason in host.findings.items()
        if name not in unwanted
    )


def require(standings: Iterable[Standing]) -> None:
    """Raises SandboxUnavailable for the first layer that is missing without leave; it names the others too."""
    refusing = [it for it in standings if it.refuses]
    if refusing:
        first, also = refusing[0], ", ".join(it.name for it in refusing[1:])
        reason = f"{first.reason} (missing too: {also})" if also else first.reason
        raise SandboxUnavailable(first.name, reason, first.remedy)


def _standing(layer: Layer, reason: str | None, accepted: frozenset[str], mode: Mode) -> Standing:
    if reason is None:
        return Standing(name=layer.name, state="active", keeps=layer.keeps)
    show = functools.partial(Standing, name=layer.name, keeps=layer.keeps)
    if layer.name in mode.stand_ins:
        instead = f"{reason}; instead: {mode.stand_ins[layer.name]}"
        return show(state="weaker", reason=instead, remedy=layer.remedy)
    if layer.optional:
        return show(state="weaker", reason=reason, remedy=layer.remedy)
    if layer.name in mode.needs:
        return show(state="missing", reason=reason, remedy=layer.remedy)
    remedy = f"{layer.remedy}; or go without: WEBTASKS_ACCEPT_WEAKER may name it"
    return show(state="missing", reason=reason, remedy=remedy, accepted=layer.name in accepted)
