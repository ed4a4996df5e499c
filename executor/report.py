"""What the doctor found, as data for the console and as text for a terminal."""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from executor.sandbox.layers import Standing
from executor.sandbox.survey import Fact

_MARKS = {"active": "active ", "weaker": "weaker ", "missing": "MISSING"}
_MODES = {
    "root": "root: namespaces and a user of its own for each sandbox",
    "unprivileged": "unprivileged: namespaces, as an ordinary user",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuntimeReport:
    """`total` calls reach the kernel: `allowed` freely, `checked` by their arguments, the rest once, at the start.

    `refused` are answered with an error, `deadly` ones end the process; every other one is unknown.
    `trouble` is empty when the runtime's self-test passed behind these walls just now, or was not tried because
    a wall is missing; `version` is then empty too.
    """

    version: str
    allowed: int
    checked: int
    total: int
    refused: int
    deadly: int
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`mode` is how this host lets sandboxes be made; `serves` whether the executor does."""

    mode: str
    layers: tuple[Standing, ...]
    runtimes: Mapping[str, RuntimeReport]
    kernel: Mapping[str, Fact]
    serves: bool

    def to_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)

    def text(self) -> str:
        """For a terminal: lines of at most some 100 characters, the remedies below their layers."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"mode     {_MODES.get(self.mode, self.mode)}"
        yield ""
        width = max(len(layer.name) for layer in self.layers)
        for layer in self.layers:
            mark = "without" if layer.accepted else _MARKS[layer.state]
            yield f"{mark}  {layer.name:{width}}  {layer.keeps}"
            if layer.reason:
                yield f"{'':9}{'':{width}}  because: {layer.reason}"
                yield f"{'':9}{'':{width}}  remedy:  {layer.remedy}"
        yield ""
        for name, runtime in self.runtimes.items():
            yield f"{name} {runtime.version}: {runtime.total} system calls ({runtime.allowed} freely, {runtime.checked} checked), {runtime.refused} refused, {runtime.deadly} deadly"
            if runtime.trouble:
                yield f"  TROUBLE: {runtime.trouble}"
        yield ""
        for name, fact in self.kernel.items():
            yield f"{name}: {'-' if fact is None else fact}"
        yield ""
        yield "The executor serves." if self.serves else "The executor REFUSES to serve."
