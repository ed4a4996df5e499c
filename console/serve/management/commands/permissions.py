"""`manage.py permissions`: docs/permissions.md."""

from typing import Any

from django.core.management.base import BaseCommand

from console.permissions import page


class Command(BaseCommand):
    help = "Writes the page of permissions."
    requires_system_checks = []

    def handle(self, **_options: Any) -> None:
        self.stdout.write(page(), ending="")
