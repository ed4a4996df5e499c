"""How the executor reaches its console over HTTP."""

import httpx

from executor.config import Config

TIMEOUT_SECONDS = 5.0


def client(config: Config) -> httpx.AsyncClient:
    """Signed with the node token."""
    uds = config.console_socket
    return httpx.AsyncClient(
        base_url="http://console" if uds else config.console,
        transport=httpx.AsyncHTTPTransport(uds=uds, retries=1) if uds else None,
        headers={"authorization": f"Bearer {config.node_token}"},
        timeout=TIMEOUT_SECONDS,
    )
