import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from console.accounts import tokens
from console.accounts.actions import issue_token
from console.accounts.audit import SYSTEM
from console.accounts.names import team_named


class Command(BaseCommand):
    help = "Issues a token that may run code in a team and manage its webtasks, and prints it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("team", nargs="?")
        parser.add_argument("--admin", action="store_true", help="instead of a team: for all teams")
        parser.add_argument("--name", default="issued on the command line")
        parser.add_argument("--days", type=int, help="how long it is good for (default: until revoked)")

    def handle(self, *, team: str | None, admin: bool, name: str, days: int | None, **_: Any) -> None:
        if bool(team) == admin:
            raise CommandError("Name a team, or give --admin for a token that is good for all teams.")
        owner = team_named(team) if team else None
        if team and owner is None:
            raise CommandError(f"There is no team {team!r}.")
        claims: dict[str, Any] = {"exp": int(time.time()) + days * 86_400} if days else {}
        token = issue_token(owner, name, actor=SYSTEM, **claims)
        self.stderr.write(f"Token {token.jti} of {team or 'all teams'}:")
        self.stdout.write(tokens.sign(token.claims))
