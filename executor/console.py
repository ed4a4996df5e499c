"""How the executor reaches its console over HTTP."""

import httpx

from executor.config import Config

TIMEOUT_SECONDS = 5.0
# The console closes a connection that is idle for 5 s; a question must never meet that.
_LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=2.0)


def client(config: Config) -> httpx.AsyncClient:
    """Signed with the node token."""
    uds = config.console_socket
    return httpx.AsyncClient(
        base_url="http://console" if uds else config.console,
        transport=httpx.AsyncHTTPTransport(uds=uds, retries=1, limits=_LIMITS) if uds else None,
        limits=_LIMITS,
        headers={"authorization": f"Bearer {config.node_token}"},
        timeout=TIMEOUT_SECONDS,
    )
