"""Django's cache as rows: attempts at sign-in and used codes must outlive a restart, and be one count for all processes.

Values are JSON, not pickles: whoever can write rows must not thereby run code here.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import IntegrityError, transaction
from django.utils import timezone

from console.accounts.models import Remembered

# As long as anything may ask to be kept.
FOREVER = timedelta(days=365)


class Recent(BaseCache):
    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def add(
        self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Whether it was not there; of two at once one wins."""
        name = self.make_and_validate_key(key, version)
        try:
            with transaction.atomic():
                Remembered.objects.filter(key=name, until__lte=timezone.now()).delete()
                Remembered.objects.create(key=name, value=value, until=self._until(timeout))
        except IntegrityError:
            return False
        return True

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        name = self.make_and_validate_key(key, version)
        found = Remembered.objects.filter(key=name, until__gt=timezone.now()).first()
        return found.value if found else default

    def set(
        self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        name = self.make_and_validate_key(key, version)
        Remembered.objects.update_or_create(
            key=name, defaults={"value": value, "until": self._until(timeout)}
        )

    def touch(self, key: str, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        found = Remembered.objects.filter(
            key=self.make_and_validate_key(key, version), until__gt=timezone.now()
        )
        return found.update(until=self._until(timeout)) == 1

    def delete(self, key: str, version: int | None = None) -> bool:
        return Remembered.objects.filter(key=self.make_and_validate_key(key, version)).delete()[0] == 1

    def clear(self) -> None:
        Remembered.objects.all().delete()

    def _until(self, timeout: Any) -> datetime:
        at = self.get_backend_timeout(timeout)
        return timezone.now() + FOREVER if at is None else datetime.fromtimestamp(at, tz=UTC)
