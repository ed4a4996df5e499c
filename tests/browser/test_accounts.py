"""People and their accounts in a real browser: passkeys of a device, codes of letters and apps, a provider that leads back."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, expect

from tests.browser.conftest import Complaints
from tests.browser.screenshots import THEMES
from tests.browser.test_accessibility import AXE, violations
from tests.console.entrance import PASSWORD, app_code
from tests.console.provider import Provider
from tests.stack import Stack

pytestmark = pytest.mark.timeout(900)  # axe reads every element of every page
# However short, the way from one colour to the other takes a moment.
SETTLED = """new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
  .then(() => Promise.allSettled(document.getAnimations().map(one => one.finished))).then(() => null)"""
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def acme() -> Iterator[Provider]:
    provider = Provider.start()
    provider.knows("grace", email="grace@example.com", email_verified=True, name="Grace Hopper")
    yield provider
    provider.stop()


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, acme: Provider) -> Iterator[Stack]:
    """A server of this file's own, which knows providers."""
    running = Stack.start(
        Path(tmp_path_factory.mktemp("accounts")) / "data",
        WEBTASKS_OIDC_URL=acme.url,
        WEBTASKS_OIDC_NAME="Acme",
        WEBTASKS_OIDC_CLIENT_ID="webtasks",
        WEBTASKS_OIDC_CLIENT_SECRET="secret",
        WEBTASKS_GITHUB_CLIENT_ID="webtasks",
        WEBTASKS_GITHUB_CLIENT_SECRET="secret",
    )
    yield running
    running.stop()


@pytest.fixture
def page(signed_out: BrowserContext) -> Page:
    signed_out.add_init_script(path=AXE)
    page = signed_out.new_page()
    page.emulate_media(reduced_motion="reduce")
    return page


def plain(page: Page) -> None:
    """axe finds nothing on the page that is shown, in either theme."""
    expect(page.locator("h1")).to_have_count(1)
    found = {}
    for theme in THEMES:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.evaluate(SETTLED)
        found[theme] = violations(page)
    assert found == {theme: [] for theme in THEMES}, page.url


def code_for(stack: Stack, address: str) -> str:
    """From the last letter in the server's log, where letters are written when there is no mail server."""
    letter = re.compile(rf"To: {re.escape(address)}\nSubject: (\S+) is your code")
    for _ in range(600):
        found = letter.findall(stack.log.read_text())
        if found:
            return str(found[-1])
        time.sleep(0.05)
    raise AssertionError(f"no letter to {address}")


def sign_up(page: Page, stack: Stack, address: str) -> None:
    page.goto(f"{stack.url}/signup")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Code").fill(code_for(stack, address))
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("link", name=address)).to_be_visible()


def sign_in(page: Page, stack: Stack, address: str) -> None:
    page.goto(f"{stack.url}/signin")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()


def device(page: Page) -> CDPSession:
    """One that keeps passkeys, and whose owner always agrees."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return session


def test_a_person_signs_up_with_a_passkey_and_signs_in_with_it(page: Page, stack: Stack):
    device(page)
    page.goto(f"{stack.url}/signup")
    plain(page)
    page.get_by_role("link", name="Use a passkey").click()
    plain(page)
    page.get_by_label("E-mail address").fill("ada@example.com")
    page.get_by_role("button", name="Go on").click()
    plain(page)
    page.get_by_label("Code").fill(code_for(stack, "ada@example.com"))
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Make your passkey")).to_be_visible()
    plain(page)
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("link", name="ada@example.com")).to_be_visible()
    sign_out(page)
    page.goto(f"{stack.url}/signin?next=/account/sessions")
    plain(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Sessions")).to_be_visible()
    # It is the only way in, and stays.
    page.goto(f"{stack.url}/account/security")
    plain(page)
    page.get_by_role("link", name="Remove").click()
    plain(page)
    page.get_by_role("button", name="Use my passkey").click()
    expect(page.get_by_role("heading", name="is your only way in")).to_be_visible()
    plain(page)


def test_a_passkey_of_another_device_is_refused_with_a_word(page: Page, stack: Stack):
    session = device(page)
    page.goto(f"{stack.url}/signin")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("not finished")
    session.send("WebAuthn.disable")


def test_a_person_signs_up_with_a_password_and_turns_codes_on(page: Page, stack: Stack):
    sign_up(page, stack, "bea@example.com")
    page.goto(f"{stack.url}/account/security")
    plain(page)
    page.get_by_role("link", name="Turn codes on").click()
    plain(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_alt_text("QR code")).to_be_visible()
    plain(page)
    secret = page.locator("code").inner_text()
    page.get_by_label("Code that the app shows").fill(app_code(secret))
    page.get_by_role("button", name="Turn codes on").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    plain(page)
    codes = page.locator(".wt-codes li")
    expect(codes).to_have_count(10)
    page.get_by_role("button", name="Copy them").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").split() == codes.all_inner_texts()
    recovery = codes.first.inner_text()
    page.get_by_role("link", name="I have them").click()
    page.reload()
    sign_out(page)
    sign_in(page, stack, "bea@example.com")
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    plain(page)
    # The one before has been used, to turn codes on; the next is taken a little early.
    page.get_by_label("Code").fill(app_code(secret, periods=1))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="bea@example.com")).to_be_visible()
    sign_out(page)
    sign_in(page, stack, "bea@example.com")
    page.get_by_label("Code").fill(recovery)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="bea@example.com")).to_be_visible()
    page.goto(f"{stack.url}/account/recovery-codes")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("9 of 10 are left")).to_be_visible()
    plain(page)


def test_a_session_elsewhere_is_signed_out(page: Page, stack: Stack):
    sign_up(page, stack, "cleo@example.com")
    assert page.context.browser
    elsewhere = page.context.browser.new_context()
    other = elsewhere.new_page()
    sign_in(other, stack, "cleo@example.com")
    expect(other.get_by_role("link", name="cleo@example.com")).to_be_visible()
    page.goto(f"{stack.url}/account/sessions")
    expect(page.get_by_role("listitem").filter(has_text="this one")).to_have_count(1)
    plain(page)
    page.get_by_role("main").get_by_role("button", name="Sign out of").click()
    expect(page.get_by_text("Signed out there.")).to_be_visible()
    other.goto(f"{stack.url}/account")
    expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
    elsewhere.close()


def test_a_person_comes_by_a_provider_and_leaves_for_good(
    page: Page, stack: Stack, acme: Provider, complaints: Complaints
):
    # Of the provider's own page, which would have a style sheet from elsewhere.
    complaints.expect("pico|favicon")
    page.goto(f"{stack.url}/signin")
    page.get_by_role("button", name="Continue with Acme").click()
    page.wait_for_url(f"{acme.url}/**")
    page.locator("input[name=sub]").first.fill("grace")
    page.get_by_role("button", name="Authorize").first.click()
    page.wait_for_url(f"{stack.url}/**")
    expect(page.get_by_role("link", name="Grace Hopper")).to_be_visible()
    page.goto(f"{stack.url}/account/providers")
    expect(page.get_by_role("listitem")).to_contain_text("grace@example.com")
    plain(page)
    for path in ("/account", "/account/address", "/account/password/set"):
        page.goto(stack.url + path)
        plain(page)
    page.goto(f"{stack.url}/account/close")
    plain(page)
    page.get_by_label("Type your address").fill("grace@example.com")
    page.get_by_role("button", name="Close my account").click()
    expect(page.get_by_role("heading", name="Your account is closed")).to_be_visible()
    plain(page)
    page.goto(f"{stack.url}/account")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_the_way_to_a_provider_is_open(page: Page, stack: Stack):
    """Its host is in no policy of ours, and need not be."""
    page.route(
        "https://github.com/**", lambda route: route.fulfill(body="<h1>GitHub</h1>", content_type="text/html")
    )
    page.goto(f"{stack.url}/signup")
    page.get_by_role("button", name="Continue with GitHub").click()
    expect(page.get_by_role("heading", name="GitHub", exact=True)).to_be_visible()
    assert urlsplit(page.url).netloc == "github.com"


@pytest.mark.parametrize("path", ["/signin/cancelled", "/signin/inactive", "/account/password/reset/sent"])
def test_pages_at_the_edge_of_it(page: Page, stack: Stack, path: str):
    page.goto(stack.url + path)
    plain(page)
