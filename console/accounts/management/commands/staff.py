from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from console.accounts.actions import appoint_staff
from console.accounts.audit import SYSTEM
from console.accounts.models import User


class Command(BaseCommand):
    help = "Makes a person staff of this installation, who may see System, or takes it back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--remove", action="store_true")

    def handle(self, *, email: str, remove: bool, **_: Any) -> None:
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise CommandError(f"There is no account for {email}.")
        appoint_staff(user, staff=not remove, actor=SYSTEM)
        self.stderr.write(f"{user.email} is {'no longer ' if remove else ''}staff.")
