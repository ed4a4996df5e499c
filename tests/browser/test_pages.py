"""The ordinary pages, most of them without any JavaScript."""

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.conftest import Complaints
from tests.browser.desk import sign_in
from tests.stack import Member, Stack


class TestWithoutJavaScript:
    @pytest.fixture
    def signed_out(self, browser: Browser) -> Iterator[BrowserContext]:
        context = browser.new_context(java_script_enabled=False)
        yield context
        context.close()

    def test_sign_in_create_and_read(self, signed_out: BrowserContext, stack: Stack):
        page = signed_out.new_page()
        sign_in(page, stack.url, stack.email, stack.password)
        page.get_by_label("New webtask").fill("plain-page")
        page.get_by_role("button", name="Create").click()
        expect(page).to_have_url(f"{stack.url}/t/acme/plain-page")
        expect(page.locator("pre")).to_contain_text("module.exports = function (ctx, cb)")
        page.get_by_role("link", name="acme", exact=True).click()
        # All the other tests' are there as well, more than one page of them.
        page.get_by_role("searchbox").fill("plain-page")
        page.get_by_role("searchbox").press("Enter")
        expect(page.get_by_role("row", name=re.compile("plain-page"))).to_contain_text("Not published yet")

    def test_a_wrong_password_is_told_beside_the_form(self, signed_out: BrowserContext, stack: Stack):
        page = signed_out.new_page()
        page.goto(f"{stack.url}/signin")
        page.get_by_label("E-mail address").fill(stack.email)
        page.get_by_label("Password").fill("not the password")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_contain_text("do not belong together")
        expect(page.get_by_label("E-mail address")).to_have_value(stack.email)


def test_a_name_that_cannot_be_is_told_with_the_reason(signed_in: BrowserContext, stack: Stack, complaints):
    complaints.expect("status of 4(00|09)")
    page = signed_in.new_page()
    page.goto(f"{stack.url}/t/acme")
    for name, reason in (("no spaces", "cannot name a webtask"), ("hello", "already has a webtask named")):
        page.get_by_label("New webtask").fill(name)
        page.get_by_role("button", name="Create").click()
        expect(page.get_by_role("alert")).to_contain_text(reason)
        expect(page.get_by_label("New webtask")).to_have_value(name)


def test_a_link_to_the_editor_whose_token_is_none_of_ours_says_so_and_offers_to_sign_in(
    signed_out: BrowserContext, stack: Stack, complaints: Complaints
):
    complaints.expect("status of 403")
    page = signed_out.new_page()
    page.goto(f"{stack.url}/edit/acme#/hello/a.token.here")
    expect(page.get_by_role("alert")).not_to_be_empty()
    page.get_by_role("main").get_by_role("link", name="Sign in").click()
    page.get_by_label("E-mail address").fill(stack.email)
    page.get_by_label("Password").fill(stack.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{stack.url}/t/acme")


def test_signing_out_ends_it(signed_out: BrowserContext, stack: Stack):
    page = signed_out.new_page()
    sign_in(page, stack.url, stack.email, stack.password)
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{stack.url}/")
    page.goto(f"{stack.url}/t/acme/hello")
    expect(page).to_have_url(f"{stack.url}/signin?next=/t/acme/hello")
    sign_in(page, stack.url, stack.email, stack.password)


@pytest.mark.parametrize(
    "path", ["/nowhere", "/t/acme/no-such-webtask", "/t/another-team", "/t/another-team/hello"]
)
def test_absent_and_not_yours_look_the_same(path: str, owner: Member, stack: Stack):
    answer = owner.http.get(path)
    assert answer.status_code == 404
    incident = re.search(r"<code>([0-9a-f]{16})</code>", answer.text)
    assert incident, answer.text
    assert incident.group(1) in stack.log.read_text()


@pytest.mark.parametrize("path", ["/", "/signin", "/nowhere", "/t/acme", "/t/acme/hello"])
def test_every_page_carries_the_policy_with_a_fresh_nonce(path: str, owner: Member, stack: Stack):
    policies = [owner.http.get(path).headers["content-security-policy"] for _ in range(2)]
    nonces = {re.findall("'nonce-([^']+)'", policy)[0] for policy in policies}
    assert len(nonces) == 2
    for policy in policies:
        assert "default-src 'none'" in policy
        assert "require-trusted-types-for 'script'" in policy
        assert "unsafe-eval" not in policy
        assert f"script-src {stack.url}/static/; " in policy


def test_a_report_becomes_one_line_of_the_log(stack: Stack):
    body = {
        "csp-report": {
            "document-uri": "http://x/\nforged",
            "blocked-uri": "inline",
            "effective-directive": "t",
        }
    }
    size = stack.log.stat().st_size
    answer = httpx.post(f"{stack.url}/csp", json=body, headers={"content-type": "application/csp-report"})
    assert answer.status_code == 204
    added = stack.log.read_bytes()[size:].decode()
    lines = [line for line in added.splitlines() if "console.csp" in line]
    assert len(lines) == 1
    assert r'page="http://x/\nforged" blocked="inline"' in lines[0]


@pytest.mark.parametrize(("content", "status"), [(b"nonsense", 400), (b"x" * 20_000, 413), (b"[1]", 204)])
def test_a_bad_report_is_refused_or_ignored(content: bytes, status: int, stack: Stack):
    assert httpx.post(f"{stack.url}/csp", content=content).status_code == status
