"""What the code has, the documentation names."""

import re
from pathlib import Path

from django.conf import settings

from console import permissions
from executor import limits
from executor.pool import frames
from tests.architecture.test_shape import ROOT, tracked

SETTING = re.compile(r"\bWEBTASKS_[A-Z_]+[A-Z]\b")


def read(*names: str) -> str:
    return "\n".join((ROOT / name).read_text() for name in names)


def settings_in_code() -> set[str]:
    sources = tracked("console/*.py", "executor/*.py", "script/*", "manage.py")
    named = {name for path in sources for name in SETTING.findall(path.read_text())}
    return named | {row.variable for row in limits.SETTABLE.values()}


def test_every_setting_is_documented_and_nothing_else():
    documented = set(re.findall(r"^\| `(WEBTASKS_[A-Z_]+)`", read("docs/settings.md"), re.MULTILINE))
    assert documented == settings_in_code()


def test_the_page_of_limits_is_what_the_table_says():
    """script/fix writes it."""
    assert read("docs/limits.md") == limits.page()


def test_the_page_of_permissions_is_what_the_table_and_the_routes_say():
    """script/fix writes it."""
    assert read("docs/permissions.md") == permissions.page()


def test_every_model_has_a_word_in_the_glossary():
    words = set(re.findall(r"\*\*(\w+)\*\*", read("docs/glossary.md")))
    stored = re.compile(r"^class (\w+)\(models\.Model\)", re.MULTILINE)
    models = {name for path in tracked("console/*/models.py") for name in stored.findall(path.read_text())}
    assert {"Team", "Webtask", "Version"} <= models
    assert models - words == set()


def test_every_frame_is_documented():
    rows = re.findall(r"^\| (\d+) \| ([A-Z]+) ", read("docs/frames.md"), re.MULTILINE)
    documented = {name: int(number) for number, name in rows}
    assert documented == {name: getattr(frames, name) for name in documented}
    assert set(documented.values()) == set(range(1, 14))


def test_every_script_is_named_in_the_contributors_guide():
    guide = read("CONTRIBUTING.md")
    scripts = {path.name for path in (ROOT / "script").iterdir()}
    assert {name for name in scripts if f"script/{name}" not in guide} == set()


def test_every_decision_is_listed():
    decisions = {path.name for path in (ROOT / "docs" / "adr").glob("0*.md")}
    listed = set(re.findall(r"\((0[^)]+\.md)\)", read("docs/adr/README.md")))
    assert listed == decisions


def test_links_between_pages_lead_somewhere():
    for page in tracked("*.md"):
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)} links to {target}"


def test_pages_that_the_code_refers_to_are_there():
    for source in tracked("*.py", "*.js", "*.ts", "*.svelte", "script/*"):
        for page in re.findall(r"docs/[a-z0-9/_-]+\.md", source.read_text()):
            assert (ROOT / page).exists(), f"{source.relative_to(ROOT)} refers to {page}"


def test_the_changelogs_first_heading_is_the_version():
    first = re.search(r"^## (.+)$", read("CHANGELOG.md"), re.MULTILINE)
    assert first
    assert re.fullmatch(r"\d+\.\d+\.\d+ - (unreleased|\d{4}-\d{2}-\d{2})", first.group(1))
    assert first.group(1).split()[0] == settings.VERSION


def test_nothing_names_a_registry_or_a_machine():
    hosts = "|".join(
        ["pypi" + r"\.org", "npmjs" + r"\.(?:org|com)", "deb" + r"\.debian", "/home" + "/", "/root" + "/"]
    )
    texts = tracked("*.py", "*.ts", "*.svelte", "*.md", "*.toml", "*.txt", "script/*", ".ci/*", "*.in")
    assert [str(path) for path in texts if re.search(hosts, path.read_text())] == []


def test_paths_exist() -> None:
    """Folders that the architecture page names are there."""
    for name in re.findall(
        r"^\| `((?:console|executor|frontend)[/\w.]*)`", read("docs/architecture.md"), re.MULTILINE
    ):
        assert Path(ROOT / name).exists(), name
