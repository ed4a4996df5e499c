"""What a worker is told about a name: an address of ours when it is allowed and exists."""

from collections.abc import Callable

from executor.egress import dns
from executor.egress.call import Call
from executor.egress.dial import Failed
from executor.egress.dns import Question
from executor.egress.ledger import Ledger
from executor.egress.lookups import Lookups
from executor.egress.names import Names
from executor.egress.resolver import NoSuchName
from executor.egress.rules import Rules, normalize

# No resolver may be asked for names below these (RFC 6761, RFC 7686).
_NOWHERE = frozenset({"invalid", "localhost", "onion"})


class Answers:
    """A name off the allow-list is never looked up: a question can carry data out as well as a connection can."""

    def __init__(
        self, rules: Rules, names: Names, lookups: Lookups, *, ledger: Ledger, sole: Callable[[], str]
    ) -> None:
        self._rules = rules
        self._names = names
        self._lookups = lookups
        self._ledger = ledger
        self._sole = sole

    async def give(self, question: Question) -> bytes:
        if not dns.is_query(question):
            return dns.answer(question, dns.NOT_IMPLEMENTED)
        host = normalize(question.host)
        if host is None or host.rpartition(".")[2] in _NOWHERE:
            return dns.answer(question, dns.NO_SUCH_NAME)
        if not self._rules.know(host):
            self._tell(question, host, f"refused: {self._rules.reason}")
            return dns.answer(question, dns.NO_SUCH_NAME)
        try:
            return await self._look_up(question, host)
        except NoSuchName:
            return dns.answer(question, dns.NO_SUCH_NAME)
        except Failed as error:
            self._tell(question, host, f"failed: {error}")
            return dns.answer(question, dns.SERVER_FAILURE)

    async def _look_up(self, question: Question, host: str) -> bytes:
        """Raises NoSuchName or Failed."""
        if question.kind in dns.OTHERS:
            return await self._lookups.ask(question)
        name = self._names.of(host)
        await self._lookups.find(name)
        # Of IPv6 and all else it has none: IPv4 inside says nothing about what is dialled outside.
        return dns.answer(question, address=name.fake if question.kind in {dns.A, dns.ANY} else None)

    def _tell(self, question: Question, host: str, verdict: str) -> None:
        """Clients ask for IPv4 and IPv6 together; one record will do."""
        if question.kind in {dns.A, dns.ANY}:
            self._ledger.end(Call.begin(host, 0, source=0, invocation=self._sole()), verdict, aloud=True)
