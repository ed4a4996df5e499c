"""Everything that is kept sealed, opened and sealed again under the newest key.

Each kind of row says where its sealed texts are (`Kind`); apps above this one add theirs when they are loaded. One row is
one transaction: whatever breaks off a rotation, the next goes on from there, and who writes meanwhile waits for one row.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet

from console.accounts import vault
from console.accounts.audit import SYSTEM, record

# Takes a sealed text and its place, returns what stands there from now on. Raises vault.Broken.
Turn = Callable[..., bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of row that holds sealed texts.

    `columns` passes each of a row's through a Turn and returns the columns that hold them; `name` tells the row to
    people; `changed` hears of a row that was written, in its transaction.
    """

    title: str
    rows: Callable[[], "QuerySet[Any]"]
    columns: Callable[[Any, Turn], Mapping[str, Any]]
    name: Callable[[Any], str] = str
    changed: Callable[[Any], None] = lambda _row: None


KINDS: list[Kind] = []
PART = 200


@dataclass(slots=True)
class Tally:
    """Of one kind: `rows` in all, `turned` now under the newest key, `old` by the key that they are left under."""

    title: str
    rows: int = 0
    turned: int = 0
    old: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)


def check() -> Iterator[Tally]:
    """Opens everything, and changes nothing."""
    for kind in KINDS:
        yield _walk(kind, turn=False)


def rotate() -> Iterator[Tally]:
    """Seals anew what is not under the newest key. May be broken off, and called again, at any time."""
    told = []
    for kind in KINDS:
        tally = _walk(kind, turn=True)
        told.append(tally)
        yield tally
    counts = {tally.title: tally.turned for tally in told if tally.turned}
    if counts:
        with transaction.atomic():
            record(SYSTEM, "keys.rotate", None, vault.newest(), **counts)


def _walk(kind: Kind, *, turn: bool) -> Tally:
    tally = Tally(kind.title)
    for row in _rows(kind):
        tally.rows += 1
        keys: set[str] = set()
        try:
            kind.columns(row, _looking(keys))
            if turn and keys - {vault.newest()}:
                _turn(kind, row)
                tally.turned += 1
                keys.clear()
        except vault.Broken as error:
            tally.broken.append(f"{kind.name(row)}: {error}")
        else:
            tally.old.update(keys - {vault.newest()})
    return tally


def _rows(kind: Kind) -> Iterator[Any]:
    """By parts that are read whole: to read on across a write would end it, where others write as well."""
    rows = list(kind.rows().order_by("pk")[:PART])
    while rows:
        yield from rows
        rows = list(kind.rows().order_by("pk").filter(pk__gt=rows[-1].pk)[:PART])


def _turn(kind: Kind, seen: Model) -> None:
    """Raises vault.Broken."""
    with transaction.atomic():
        # As it is now: another may have written it since it was seen.
        row = kind.rows().select_for_update(of=("self",)).filter(pk=seen.pk).first()
        if row is not None:
            # Not save(): nobody changed it.
            type(row)._base_manager.filter(pk=row.pk).update(**kind.columns(row, _turned))
            kind.changed(row)


def _looking(keys: set[str]) -> Turn:
    def look(sealed: bytes, *place: str) -> bytes:
        vault.unseal(sealed, *place)
        keys.add(vault.key_of(sealed))
        return sealed

    return look


def _turned(sealed: bytes, *place: str) -> bytes:
    text = vault.unseal(sealed, *place)
    return sealed if vault.key_of(sealed) == vault.newest() else vault.seal(text, *place)
