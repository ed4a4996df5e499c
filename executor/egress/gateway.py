"""The executor's side of the way out: what every worker's door has in common."""

import socket
from collections.abc import Callable, Iterable

from executor.contract import Deployment
from executor.egress.addresses import Network
from executor.egress.door import Door, Terms
from executor.egress.ledger import Ledger, Say
from executor.egress.resolver import HostResolver, Resolver
from executor.egress.rules import Rules
from executor.limits import LIMITS
from executor.logs.egress import EgressCall
from executor.logs.record import Origin
from executor.redaction import redactor_of

_NONE = LIMITS["egress_connections"]
CLOSED = f"the network is closed (limit of {_NONE.title}: {_NONE.text(0)})"


class Gateway:
    """`private` are the ranges that may be reached although they are not public."""

    def __init__(
        self,
        *,
        private: tuple[Network, ...] = (),
        emit: Callable[[EgressCall], None],
        resolver: Resolver | None = None,
    ) -> None:
        self._private = private
        self._emit = emit
        self._resolver = resolver or HostResolver()

    def open(
        self, listeners: Iterable[socket.socket], deployment: Deployment, *, say: Say, sole: Callable[[], str]
    ) -> Door:
        """For a worker that has just been bound: a blank one has no way out, and nobody to account to."""
        origin = Origin(deployment.team, deployment.webtask, deployment.label)
        # A question for a name carries data out too: a closed network answers none.
        closed = not deployment.limits.egress_connections
        terms = Terms(
            rules=Rules((), reason=CLOSED) if closed else Rules(deployment.egress),
            limits=deployment.limits,
            private=self._private,
            resolver=self._resolver,
        )
        ledger = Ledger(origin, say=say, emit=self._emit, redactor=redactor_of(deployment))
        return Door(listeners, terms, ledger=ledger, sole=sole)
