from collections.abc import Iterable
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from console import env, keyring
from console.accounts import rotation, vault
from console.accounts.models import Kind, Token
from console.accounts.rotation import Tally
from console.serve.lock import keys_of_server

RENEWED = """\
There is a new key; the old one stays in {old} and goes on opening and verifying.
Next: restart the server, then run `manage.py rotate_keys`."""
GIVEN = """\
The key comes from WEBTASKS_SECRET_KEY: put a new one there and the old one first in WEBTASKS_SECRET_KEY_FALLBACKS,
restart the server, then run `manage.py rotate_keys`."""
UNKNOWN = """\
The server that is running does not know the newest key ({key}) and could not open what is sealed under it.
Restart it, then run this again."""


class Command(BaseCommand):
    help = "Seals everything that is kept encrypted anew, under the newest key. Says what is left under old ones."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument(
            "--new", action="store_true", help="make a new key first of all, and keep the old one"
        )
        which.add_argument("--check", action="store_true", help="open and count everything, change nothing")

    def handle(self, *, new: bool, check: bool, **_: Any) -> None:
        if new:
            self._renew()
            return
        known = keys_of_server(settings.RUN)
        if not check and known is not None and vault.newest() not in known:
            raise CommandError(UNKNOWN.format(key=vault.newest()))
        self.stdout.write(
            f"The newest key is {vault.newest()}; old ones: {', '.join(vault.keys()[1:]) or 'none'}."
        )
        left, broken = self._tell(rotation.check() if check else rotation.rotate())
        self._tell_signatures()
        if broken:
            raise CommandError(f"{broken:,} cannot be opened: see above.")
        if left:
            raise CommandError(
                f"{left:,} are left under old keys. Run it again."
                if not check
                else f"{left:,} are under old keys."
            )
        self.stdout.write("Nothing is sealed under an old key.")

    def _renew(self) -> None:
        if env.text("WEBTASKS_SECRET_KEY"):
            raise CommandError(GIVEN)
        try:
            keyring.renew(settings.DATA)
        except OSError as error:
            raise CommandError(f"No new key could be made: {error}. The old one is in force.") from error
        self.stdout.write(RENEWED.format(old=settings.DATA / keyring.OLD))

    def _tell(self, tallies: Iterable[Tally]) -> tuple[int, int]:
        """How many are left under old keys, and how many cannot be opened."""
        left = broken = 0
        for tally in tallies:
            old = [f"{count:,} under the old key {key}" for key, count in sorted(tally.old.items())]
            turned = [f"{tally.turned:,} sealed anew"] if tally.turned else []
            self.stdout.write(", ".join([f"{tally.title}: {tally.rows:,}", *turned, *old]))
            for row in tally.broken:
                self.stderr.write(f"  cannot be opened: {row}")
            left += tally.old.total()
            broken += len(tally.broken)
        return left, broken

    def _tell_signatures(self) -> None:
        """What is signed is with those who hold it: it cannot be signed anew for them."""
        if not settings.SECRET_KEY_FALLBACKS:
            return
        now = timezone.now()
        webtask = Token.objects.filter(kind=Kind.WEBTASK, revoked_at=None).exclude(
            claims__has_key="exp", claims__exp__lt=now.timestamp()
        )
        sessions, old = _sessions()
        self.stdout.write(
            f"webtask tokens: {webtask.count():,}; those signed with an old key end when it goes"
        )
        self.stdout.write(f"sessions: {sessions:,}, {old:,} signed with an old key; they end when it goes")


def _sessions() -> tuple[int, int]:
    """How many there are, and how many of them are signed with an old key."""
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore()
    kept = store.model.objects.filter(expire_date__gt=timezone.now()).values_list("session_data", flat=True)
    signed = [_is_newest(data, store) for data in kept.iterator()]
    return len(signed), signed.count(False)


def _is_newest(data: str, store: Any) -> bool:
    try:
        signing.loads(
            data, key=settings.SECRET_KEY, salt=store.key_salt, serializer=store.serializer, fallback_keys=[]
        )
    except signing.BadSignature:
        return False
    return True
