"""What the doctor found, as data for the console and as text for a terminal."""

import dataclasses
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from executor.sandbox.layers import Standing
from executor.sandbox.modes import MODES
from executor.sandbox.survey import Fact

_MARKS = {"active": "active ", "weaker": "weaker ", "missing": "MISSING"}
_WIDTH = 100


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
        """For a terminal: lines of some 100 characters, remedies below the layers."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield from _paragraph("mode  ", f"{self.mode}: {MODES[self.mode].summary}")
        yield ""
        for layer in self.layers:
            mark = "without" if layer.accepted else _MARKS[layer.state]
            yield f"{mark}  {layer.name:9} {layer.keeps}"
            if layer.reason:
                yield from _paragraph(" " * 19, layer.reason)
        yield from self._remedies()
        yield ""
        for name, runtime in self.runtimes.items():
            yield f"{name} {runtime.version or '-'}: {runtime.total} system calls, {runtime.checked} of them checked by their arguments"
            if runtime.trouble:
                yield from _paragraph("  TROUBLE  ", runtime.trouble)
        yield ""
        for name, fact in self.kernel.items():
            yield f"{name}: {'-' if fact is None else fact}"
        yield ""
        yield "The executor serves." if self.serves else "The executor REFUSES to serve."

    def _remedies(self) -> Iterator[str]:
        """Each once, with the layers it is for."""
        remedies: dict[str, list[str]] = {}
        for layer in self.layers:
            if layer.remedy:
                remedies.setdefault(layer.remedy, []).append(layer.name)
        for remedy, names in remedies.items():
            yield ""
            yield from _paragraph("remedy  ", f"{', '.join(names)}: {remedy}")


def _paragraph(lead: str, text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead))
