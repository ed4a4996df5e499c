"""Transactions that are on the disk before anybody is told that they happened."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def durably() -> Iterator[None]:
    """As `transaction.atomic()`, and what was committed survives a power cut.

    SQLite's log is otherwise flushed at leisure, which only a crash of the whole machine can tell. Inside another
    transaction it is that one's commit which counts.
    """
    connection = transaction.get_connection()
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=FULL")
    try:
        with transaction.atomic():
            yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=NORMAL")
