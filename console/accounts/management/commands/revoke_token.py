from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from console.accounts.actions import revoke_token
from console.accounts.audit import SYSTEM
from console.problems import Absent


class Command(BaseCommand):
    help = "Revokes a token and all that descend from it. Executors follow within seconds."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("jti", help="the token's id: claim jti, printed by issue_token")

    def handle(self, *, jti: str, **_: Any) -> None:
        try:
            revoke_token(jti, actor=SYSTEM)
        except Absent as error:
            raise CommandError(error.detail) from None
        self.stderr.write(f"Token {jti} is revoked.")
