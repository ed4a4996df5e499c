"""A person lets a published client act for them, in a real browser: the answer must reach the client's own port."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.stack import Stack


class Waiting(HTTPServer):
    """The client, which waits on a port of its own for the browser to bring the answer."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.heard: list[dict[str, list[str]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Waiting

    def do_GET(self) -> None:
        self.server.heard.append(parse_qs(urlsplit(self.path).query))
        self.send_response(200)
        self.send_header("content-type", "text/plain")
        self.end_headers()
        self.wfile.write(b"Authentication successful.")

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def client() -> Iterator[Waiting]:
    with Waiting() as waiting:
        threading.Thread(target=waiting.serve_forever, daemon=True).start()
        yield waiting
        waiting.shutdown()


@pytest.mark.parametrize(("button", "answer"), [("Allow", "code"), ("Refuse", "error")])
def test_the_persons_answer_reaches_the_client(
    signed_out: BrowserContext, stack: Stack, client: Waiting, button: str, answer: str
):
    asked = {
        "redirect_uri": client.url,
        "audience": stack.url,
        "response_type": "code",
        "client_id": "wt-cli",
        "scope": "openid offline_access",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "code_challenge_method": "S256",
    }
    page = signed_out.new_page()
    page.goto(f"{stack.url}/authorize?{urlencode(asked)}")
    page.get_by_label("E-mail address").fill(stack.email)
    page.get_by_label("Password").fill(stack.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="act for you?")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("acme")
    page.get_by_role("button", name=button).click()
    expect(page.get_by_text("Authentication successful.")).to_be_visible()
    assert answer in client.heard[0]
