from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from console.accounts.actions import create_user
from console.accounts.audit import SYSTEM
from console.accounts.models import User
from console.accounts.suspending import suspend
from console.problems import Problem


class Command(BaseCommand):
    help = (
        "Makes an account for a person, whoever may sign up; they set a password by “I do not know my password”. "
        "Or suspends one, which nobody can sign in to until it is resumed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="")
        way = parser.add_mutually_exclusive_group()
        way.add_argument("--suspend", action="store_true")
        way.add_argument("--resume", action="store_true")
        parser.add_argument(
            "--revoke-tokens", action="store_true", help="with --suspend: all that they issued, too"
        )

    def handle(self, *, email: str, name: str, **flags: Any) -> None:
        revoke = flags["revoke_tokens"]
        if revoke and not flags["suspend"]:
            raise CommandError("--revoke-tokens goes with --suspend.")
        if flags["suspend"] or flags["resume"]:
            user = User.objects.filter(email=email.strip().lower()).first()
            if user is None:
                raise CommandError(f"There is no account for {email}.")
            suspend(user, suspended=flags["suspend"], actor=SYSTEM, revoke=revoke)
            self.stderr.write(f"{user.email} is {'suspended' if flags['suspend'] else 'open again'}.")
            return
        try:
            user = create_user(email, password=None, name=name, actor=SYSTEM)
        except Problem as problem:
            raise CommandError(problem.detail) from None
        self.stderr.write(f"{user.email} has an account.")
