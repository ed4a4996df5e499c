import logging
import os
import sys
from typing import Any

import uvloop
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from console.accounts import vault
from console.serve.banner import banner
from console.serve.demo import Demo, seed
from console.serve.lock import Taken, sole_server
from console.serve.service import Service


class Command(BaseCommand):
    help = "Serves Webtasks: the console and, beside it, an executor with the public port."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--demo", action="store_true", help="migrate first, and make a demo team to play with"
        )
        parser.add_argument("--only", choices=["console"], help="start this part alone")

    def handle(self, *, demo: bool, only: str | None, **_: Any) -> None:
        try:
            with sole_server(settings.RUN, keys=vault.keys()):
                seeded = _prepare(demo=demo)
                code = uvloop.run(_serve(seeded, with_executor=only is None))
        except Taken as error:
            raise CommandError(str(error)) from None
        logging.shutdown()
        sys.stdout.flush()
        # Not sys.exit: it would wait for pool threads, and one may be waiting for an answer that takes 30 s.
        os._exit(code)


def _prepare(*, demo: bool) -> Demo | None:
    if demo:
        call_command("migrate", verbosity=0, interactive=False)
    elif _unapplied():
        raise CommandError("The database is not up to date. Run: manage.py migrate")
    seeded = seed() if demo else None
    connections.close_all()
    return seeded


def _unapplied() -> bool:
    migrations = MigrationExecutor(connection)
    return bool(migrations.migration_plan(migrations.loader.graph.leaf_nodes()))


async def _serve(demo: Demo | None, *, with_executor: bool) -> int:
    service = Service(with_executor=with_executor, on_serving=lambda: print(banner(demo), flush=True))  # noqa: T201
    return await service.run()
