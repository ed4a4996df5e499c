"""From the landing page and the templates into the editor, with and without a script."""

import re

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.desk import sign_in
from tests.stack import Stack


def run(page: Page, model: str, name: str) -> None:
    page.get_by_text(model, exact=True).click()
    page.get_by_label("?name=").fill(name)
    page.get_by_role("button", name="Run").click()


def test_the_landing_page_really_runs(signed_out: BrowserContext, stack: Stack):
    page = signed_out.new_page()
    page.goto(stack.url)
    answer = page.get_by_role("status")
    run(page, "Just answer", "grace")
    expect(answer).to_contain_text('{"hello":"grace"}')
    expect(answer).to_contain_text(re.compile(r"200 in [\d.]+ ms"))
    run(page, "In full control", "<b>bob</b>")
    expect(answer).to_contain_text("201")
    expect(answer).to_contain_text("Hello, <b>bob</b>! You came by GET.")
    run(page, "The web’s way", "hopper")
    expect(answer).to_contain_text('{"hello":"hopper"}')
    # It is the same page still.
    expect(page).to_have_url(f"{stack.url}/")


def test_it_runs_without_a_script(browser: Browser, stack: Stack):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(stack.url)
    run(page, "The web’s way", "ada & bob")
    expect(page.get_by_role("status")).to_contain_text('{"hello":"ada & bob"}')
    expect(page.get_by_role("radio", name="The web’s way")).to_be_checked()
    expect(page.get_by_label("The web’s way, code")).to_be_visible()
    context.close()


def test_a_guest_gets_a_template_into_the_editor(signed_out: BrowserContext, stack: Stack):
    page = signed_out.new_page()
    page.goto(stack.url)
    page.get_by_role("link", name="All templates").click()
    page.get_by_role("link", name="Storage", exact=True).click()
    page.get_by_role("link", name="Counter").click()
    expect(page.get_by_role("figure", name="index.js")).to_contain_text("ctx.storage.get")
    page.get_by_role("button", name="Use it").click()
    expect(page).to_have_url(re.compile(r"/t/try-\w+/counter$"))
    expect(page.locator(".view-lines")).to_contain_text("ctx.storage.get")


def test_a_member_does_all_of_it_without_a_script(browser: Browser, stack: Stack):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, stack.url, stack.email, stack.password)
    page.goto(f"{stack.url}/templates/rss")
    page.get_by_label("Name of your webtask").fill("from-template")
    page.get_by_role("button", name="Use it").click()
    expect(page).to_have_url(f"{stack.url}/t/acme/from-template")
    page.goto(f"{stack.url}/t/acme")
    page.get_by_label("Find a webtask").fill("from-temp")
    page.get_by_role("button", name="Find").click()
    page.get_by_label("Mark from-template").check()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("status")).to_contain_text("Paused: from-template.")
    page.get_by_label("Mark from-template").check()
    page.get_by_role("button", name="Delete").click()
    page.get_by_label("Type “delete 1”").fill("delete 1")
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_role("status")).to_contain_text("Deleted: from-template.")
    expect(page.get_by_role("link", name="from-template", exact=True)).to_have_count(0)
    context.close()
