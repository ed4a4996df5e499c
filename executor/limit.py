"""A row of the table of limits: its numbers, what is said of it. Imports nothing of the project."""

import dataclasses
from dataclasses import dataclass

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One row. `default`, `lowest`, `ceiling` and `most` are whole numbers of `unit` ("ms", "bytes" or what is
    counted), for each `per` where that is not "".

    `ceiling` is the highest value of a node that sets none; the node may set `lowest` to `most`.
    A row of the `team` bounds all its code together; webtasks have none of their own.
    A row that is not `settable` is a wall of every worker; its three other numbers equal `default`.
    `help` is for the person who sets it; `log` is an example, "" where there is no log to write to.
    """

    name: str
    title: str
    unit: str
    per: str = ""
    default: int
    lowest: int
    ceiling: int
    most: int
    settable: bool
    team: bool = False
    help: str
    caller: str
    log: str
    why: str

    @property
    def variable(self) -> str:
        """The executor's and the console's setting for the ceiling."""
        return f"WEBTASKS_CEILING_{self.name.upper()}"

    def text(self, value: float) -> str:
        """`value` with its unit, for people: "2,000 ms", "128 MiB", "1,000 lines a second"."""
        unit = self.unit.removesuffix("s") if value == 1 and self.unit != "ms" else self.unit
        amount = size(value) if unit == "bytes" else f"{value:,.0f} {unit}"
        return f"{amount} a {self.per}" if self.per else amount

    def reached(self, limit: int, used: float) -> str:
        """The end of every log line about it: "(limit of CPU time: 10,000 ms, used: 10,240 ms)"."""
        return f"(limit of {self.title}: {self.text(limit)}, used: {self.text(used)})"


def size(count: float) -> str:
    """Bytes for people: "1 MiB", "1.5 MiB", "300 bytes"."""
    for unit, name in ((GIB, "GiB"), (MIB, "MiB"), (KIB, "KiB")):
        if count >= unit:
            return f"{count / unit:.1f}".removesuffix(".0") + f" {name}"
    return f"{count:,.0f} bytes"


def limit(name: str, title: str, unit: str, numbers: tuple[int, int, int, int], **texts: str) -> Limit:
    lowest, default, ceiling, most = numbers
    return Limit(
        name=name,
        title=title,
        unit=unit,
        default=default,
        lowest=lowest,
        ceiling=ceiling,
        most=most,
        settable=True,
        team=False,
        **texts,
    )


def of_team(name: str, title: str, unit: str, numbers: tuple[int, int, int, int], **texts: str) -> Limit:
    return dataclasses.replace(limit(name, title, unit, numbers, **texts), team=True)


def wall(name: str, title: str, unit: str, value: int, **texts: str) -> Limit:
    row = limit(name, title, unit, (value, value, value, value), **texts)
    return dataclasses.replace(row, settable=False)
