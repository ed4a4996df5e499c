"""Writes to the rows of executors, as their links come, report and go."""

from typing import Any

from django.utils import timezone

from console.webtasks.models import Executor


def arrive(name: str, boot: str, state: dict[str, Any]) -> int:
    """Returns the number of the last batch of this boot that is stored."""
    executor, _ = Executor.objects.get_or_create(
        name=name, defaults={"boot": boot, "seen_at": timezone.now()}
    )
    if executor.boot != boot:
        executor.received_seq = 0
    executor.boot = boot
    executor.online, executor.ready = True, False
    executor.seen_at = timezone.now()
    executor.state = state
    executor.save()
    return executor.received_seq


def report(name: str, boot: str, *, ready: bool, state: dict[str, Any]) -> None:
    Executor.objects.filter(name=name, boot=boot).update(ready=ready, state=state, seen_at=timezone.now())


def beat(name: str, boot: str) -> None:
    Executor.objects.filter(name=name, boot=boot).update(seen_at=timezone.now())


def leave(name: str, boot: str) -> None:
    """Of this boot only: its successor may have arrived before the old link was seen to break."""
    Executor.objects.filter(name=name, boot=boot).update(online=False, ready=False)
