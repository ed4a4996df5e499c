"""A mail server (aiosmtpd) that keeps what it is given."""

import contextlib
import ssl
from collections.abc import Iterator

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope

from tests.clients.servers.authority import Pair
from tests.clients.servers.process import PATIENCE


class Mailbox:
    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:  # noqa: N802
        self.envelopes.append(envelope)
        return "250 kept"


@contextlib.contextmanager
def mail(port: int, pair: Pair) -> Iterator[Mailbox]:
    """Only after STARTTLS and a password."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate_file, pair.key_file)
    box = Mailbox()
    controller = Controller(
        box,
        hostname="127.0.0.1",
        port=port,
        # Else it asks the machine's nameserver for one, longer than it waits for itself.
        server_hostname="localhost",
        ready_timeout=PATIENCE,
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=lambda *_: AuthResult(success=True),
    )
    controller.start()
    yield box
    controller.stop()
