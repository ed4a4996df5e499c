"""An OpenID provider that really listens: `oidc-provider-mock`, which believes whoever says who they are."""

import contextlib
import html
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from tests.console.entrance import Somebody
from tests.stack import free_port


@dataclass
class Provider:
    process: subprocess.Popen[bytes]
    url: str

    @classmethod
    def start(cls) -> Self:
        """In a process of its own, as in life."""
        port = free_port()
        # Its own libraries warn of each other.
        command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        provider = cls(process, f"http://127.0.0.1:{port}")
        for _ in range(600):
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"{provider.url}/.well-known/openid-configuration").status_code == 200:
                    return provider
            time.sleep(0.05)
        raise RuntimeError(f"the provider did not start: {process.poll()}")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)

    def knows(self, sub: str, **claims: Any) -> None:
        """What it says of that person from now on."""
        httpx.put(f"{self.url}/users/{sub}", json=claims).raise_for_status()

    def answers(self, asked: str, sub: str, **form: str) -> str:
        """Where it sends the browser of whoever says to be `sub`."""
        answer = httpx.post(asked, data={"sub": sub, **form})
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]


def leaves_to(page: Any) -> str:
    """Where the page in between leads."""
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page.content.decode())
    assert found, page.content.decode()
    return html.unescape(found.group(1))


def comes_by(somebody: Somebody, provider: Provider, sub: str, **form: str) -> Any:
    """What the console answers to whom the provider sends back."""
    asked = leaves_to(somebody.client.post("/signin/oidc", form))
    return comes_back(somebody, provider.answers(asked, sub))


def comes_back(somebody: Somebody, url: str) -> Any:
    parts = urlsplit(url)
    assert f"{parts.scheme}://{parts.netloc}" == "http://localhost:8000"
    return somebody.client.get(f"{parts.path}?{parts.query}")
