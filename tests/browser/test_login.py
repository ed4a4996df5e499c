"""A person lets a published client act for them, in a real browser: the answer must reach the client's own port."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.test_accessibility import AXE, violations
from tests.stack import Stack

# Of RFC 7636's example, as what it makes of it below.
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"


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
    """Asked for before the browser's window, it outlives that: the window may still want an icon of it."""
    with Waiting() as waiting:
        threading.Thread(target=waiting.serve_forever, daemon=True).start()
        yield waiting
        waiting.shutdown()


def at_the_page(context: BrowserContext, stack: Stack, client: Waiting) -> Page:
    """Where a person lets it act for them, after they signed in: that is not asked for twice."""
    asked = {
        "redirect_uri": client.url,
        "audience": stack.url,
        "response_type": "code",
        "client_id": "wt-cli",
        "scope": "openid offline_access",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "code_challenge_method": "S256",
    }
    page = context.new_page()
    page.goto(f"{stack.url}/authorize?{urlencode(asked)}")
    page.get_by_label("E-mail address").fill(stack.email)
    page.get_by_label("Password").fill(stack.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="act for you?")).to_be_visible()
    return page


@pytest.mark.parametrize(("button", "answer"), [("Allow", "code"), ("Refuse", "error")])
def test_the_persons_answer_reaches_the_client(
    client: Waiting, signed_out: BrowserContext, stack: Stack, button: str, answer: str
):
    page = at_the_page(signed_out, stack, client)
    expect(page.get_by_role("main")).to_contain_text("acme")
    page.get_by_role("button", name=button).click()
    expect(page.get_by_text("Authentication successful.")).to_be_visible()
    assert answer in client.heard[0]


def test_a_client_is_listed_beside_the_sessions_and_ended_there(
    client: Waiting, signed_out: BrowserContext, stack: Stack
):
    signed_out.add_init_script(path=AXE)
    page = at_the_page(signed_out, stack, client)
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_text("Authentication successful.")).to_be_visible()
    sent = {"grant_type": "authorization_code", "client_id": "wt-cli", "code": client.heard[0]["code"][0]}
    got = httpx.post(
        f"{stack.url}/oauth/token", json={**sent, "code_verifier": VERIFIER, "redirect_uri": client.url}
    )
    held = {"authorization": f"Bearer {got.json()['access_token']}"}
    assert httpx.get(f"{stack.url}/api/webtask/acme", headers=held).status_code == 200
    page.goto(f"{stack.url}/account/sessions")
    expect(page.get_by_role("heading", name="Clients")).to_be_visible()
    listed = page.get_by_role("listitem").filter(has_text="The webtask command line, in acme")
    expect(listed).to_have_count(1)
    assert violations(page) == []
    page.get_by_role("button", name="End what the webtask command line may do").click()
    expect(page.get_by_role("heading", name="Clients")).to_have_count(0)
    assert httpx.get(f"{stack.url}/api/webtask/acme", headers=held).status_code == 403
