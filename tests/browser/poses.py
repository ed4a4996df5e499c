"""What is done to a page before its picture is taken, or axe looks at it."""

from playwright.sync_api import Page

from tests.browser.desk import show


def editor(page: Page) -> None:
    """Painted, and in colour: other token classes than the plain one."""
    page.locator(".monaco-editor:visible .view-line span[class^=mtk]:not(.mtk1)").first.wait_for()


def ran(page: Page) -> None:
    editor(page)
    page.keyboard.press("Control+Enter")
    page.get_by_test_id("answer").or_(page.get_by_role("alert")).first.wait_for()


def shown(page: Page) -> None:
    page.get_by_role("button", name="Run").click()
    page.locator(".wt-said").wait_for()


def marked(page: Page) -> None:
    page.get_by_label("Mark hello").check()
    page.get_by_role("button", name="Delete").click()
    page.get_by_label("Type “delete 1”").wait_for()


def versions(page: Page) -> None:
    editor(page)
    show(page, "Versions")
    page.get_by_test_id("version").first.wait_for()


def changes(page: Page) -> None:
    editor(page)
    page.locator(".monaco-editor .view-lines").first.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("// A line more\n")
    show(page, "Versions")
    page.get_by_role("button", name="Compare v1 with draft").click()
    page.locator(".line-insert").first.wait_for()


def hunks(page: Page) -> None:
    changes(page)
    page.goto(page.url.partition("?")[0] + "?view=changes")
    page.get_by_role("button", name="Revert").first.wait_for()
    page.locator(".line-insert").first.wait_for()


def compared(page: Page) -> None:
    page.get_by_role("heading", name="Beside the text").wait_for()


def logs(page: Page) -> None:
    show(page, "Logs")


def publishing(page: Page) -> None:
    editor(page)
    page.keyboard.press("Control+Shift+Enter")
    page.get_by_role("dialog").wait_for()


def forking(page: Page) -> None:
    palette(page)
    page.keyboard.type("fork")
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_label("Team").wait_for()


def drafts(page: Page) -> None:
    """One's own, which there is by then: others' is beside it in tests/browser/test_people.py."""
    page.get_by_role("heading", name="Everybody’s drafts").wait_for()


def menu(page: Page) -> None:
    editor(page)
    page.get_by_label("Account and theme").click()


def palette(page: Page) -> None:
    editor(page)
    page.keyboard.press("Control+K")
    page.get_by_role("combobox", name="Find a command").wait_for()


def sheet(page: Page) -> None:
    palette(page)
    page.keyboard.type("keyboard")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Keyboard shortcuts").wait_for()


def failure(page: Page) -> None:
    editor(page)
    tab = page.get_by_role("navigation", name="Views").get_by_role("button", name="Run", exact=True)
    if tab.is_visible():
        tab.click()
    panel = page.get_by_role("region", name="Run")
    panel.get_by_text("Headers").first.click()
    panel.get_by_label("Headers, one").fill("not a header")
    panel.get_by_text("Line 1 is not").wait_for()


def request(page: Page) -> None:
    """Filled in from a command, of which something has no place; with a saved one."""
    editor(page)
    tab = page.get_by_role("navigation", name="Views").get_by_role("button", name="Run", exact=True)
    if tab.is_visible():
        tab.click()
    panel = page.get_by_role("region", name="Run", exact=True)
    panel.get_by_role("button", name="Paste curl").click()
    panel.get_by_label("A curl command").fill(
        "curl 'https://example.com/?name=Ada' -H 'Authorization: Bearer t' -F a=@b"
    )
    panel.get_by_role("button", name="Fill in").click()
    panel.locator("summary").filter(has_text="Query").click()
    panel.get_by_role("button", name="Saved requests").click()
    panel.get_by_label("Name for this request").fill("Ada")
    panel.get_by_label("Name for this request").press("Enter")


def settings(page: Page) -> None:
    editor(page)
    show(page, "Settings")
    page.get_by_label("Wall time").wait_for()
    page.get_by_label("Only these").check()


def secret(page: Page) -> None:
    page.get_by_role("button", name="Add secret").wait_for()


def storage(page: Page) -> None:
    """With a text that is not saved yet: what is stored stays what it was."""
    text = page.get_by_label("The document, as JSON")
    text.wait_for()
    text.fill('{"visits": 12, "last": {"path": "/", "at": "2026-11-30T09:00:00Z"}}')


def schedule(page: Page) -> None:
    """One there, and another half written."""
    add = page.get_by_role("button", name="Add a schedule")
    add.wait_for()
    if page.get_by_label("Results of").or_(page.get_by_role("list", name="Schedules")).count() == 0:
        add.click()
        page.get_by_label("When").fill("0 9 * * MON-FRI")
        page.get_by_role("button", name="Add schedule").click()
        page.get_by_text("Scheduled", exact=True).wait_for()
    page.locator("summary").filter(has_text="Results").click()
    add.click()
    page.get_by_label("When").fill("*/15 * * * *")


def modules(page: Page) -> None:
    page.get_by_label("Package").wait_for()
    page.get_by_label("Package").fill("dayjs@1.x")
    page.locator("summary").filter(has_text="every webtask has").click()


def team(page: Page) -> None:
    page.get_by_label("Wall time").fill("1")
    page.get_by_label("CPU time").fill("a lot")


def teams(page: Page) -> None:
    page.keyboard.press("Alt+Shift+KeyS")
    page.get_by_role("navigation", name="Your teams").wait_for()


def invited(page: Page) -> None:
    """With the link to the page of an invitation: to its author, it says that they are in."""
    page.get_by_role("button", name="Make a link").click()
    page.get_by_role("button", name="Take back").first.wait_for()


def issuing(page: Page) -> None:
    if not page.get_by_label("Name", exact=True).is_visible():
        page.locator("summary").filter(has_text="Issue a token").click()
    for choice in page.get_by_label("only these").all():
        choice.check()
    page.get_by_label("It ends").select_option("on")
    page.locator("summary").filter(has_text="What it may").first.click()


def unfolded(page: Page) -> None:
    page.locator("summary").first.click()


def walls(page: Page) -> None:
    """Attacked, once for all pictures; the first results do."""
    page.get_by_test_id("layer").first.wait_for()
    if page.get_by_test_id("attack-group").count() == 0:
        page.get_by_role("button", name="Run the attack suite").click()
    groups = page.get_by_test_id("attack-group")
    # By its name and by the keyboard: while the suite runs, others come before it and push it down.
    name = groups.locator("summary > span").first.inner_text()
    summary = page.locator("summary").filter(has=page.get_by_text(name, exact=True))
    summary.press("Enter")
    groups.filter(has=summary).get_by_test_id("attack").first.wait_for()


def nothing(_page: Page) -> None:
    """The page as it comes."""
