from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from console.accounts.audit import SYSTEM
from console.accounts.guests import drop
from console.problems import Absent


class Command(BaseCommand):
    help = (
        "Deletes a guest's team with all that belongs to it, and the guest. Executors follow within seconds."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("team", help="its name, as in its URLs: try-…")

    def handle(self, *, team: str, **_: Any) -> None:
        try:
            drop(team, actor=SYSTEM)
        except Absent as error:
            raise CommandError(error.detail) from None
        self.stderr.write(f"{team} is gone.")
