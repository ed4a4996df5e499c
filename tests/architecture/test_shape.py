"""The house rules a machine can check (docs/architecture.md, CONTRIBUTING.md)."""

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAX_FILE, MAX_FUNCTION, MAX_NESTING = 300, 60, 3
BAGS = {"utils", "helpers", "manager", "misc", "common"}
SOURCES = ("*.py", "*.js", "*.ts", "*.svelte", "*.css")


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    return [ROOT / name for name in listed if name and "/migrations/" not in name and (ROOT / name).exists()]


def written() -> list[Path]:
    return [path for path in tracked(*SOURCES) if not path.name.endswith(".d.ts")]


def test_no_file_is_longer_than_one_noun_needs():
    long = {str(path.relative_to(ROOT)): count(path) for path in written() if count(path) > MAX_FILE}
    assert long == {}


def count(path: Path) -> int:
    return len(path.read_text().splitlines())


@pytest.mark.parametrize("path", tracked("*.py"), ids=lambda path: str(path.relative_to(ROOT)))
def test_functions_are_short_and_shallow(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            assert lines <= MAX_FUNCTION, f"{node.name} has {lines} lines"
            assert nesting(node) <= MAX_NESTING, f"{node.name} nests {nesting(node)} deep"


def nesting(node: ast.AST) -> int:
    blocks = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.AsyncFor, ast.AsyncWith, ast.Match)
    inner = [nesting(child) for child in ast.iter_child_nodes(node) if not is_elif(node, child)]
    return max(inner, default=0) + isinstance(node, blocks)


def is_elif(node: ast.AST, child: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(child, ast.If) and node.orelse == [child]


def test_no_module_is_a_bag():
    assert [path for path in written() if path.stem.lower() in BAGS] == []


def test_locks_name_no_host():
    locks = [*(ROOT / "requirements").glob("*.txt"), *tracked("*package-lock.json")]
    assert [path.name for path in locks if "://" in without_funding(path)] == []


def without_funding(path: Path) -> str:
    """npm's lock carries its packages' donation pages; they are not places to install from."""
    lines = path.read_text().splitlines()
    pages = ('"url": ', '"funding": ', '"https://')
    return "\n".join(line for line in lines if not line.strip().startswith(pages))


def test_every_python_requirement_is_pinned_with_its_hash():
    for lock in (ROOT / "requirements").glob("*.txt"):
        blocks = lock.read_text().replace("\\\n", " ").splitlines()
        pins = [line for line in blocks if line and not line.lstrip().startswith("#")]
        assert pins, lock
        assert [line for line in pins if "==" not in line or "--hash=sha256:" not in line] == []


@pytest.mark.parametrize("path", tracked("tests/**/test_*.py"), ids=lambda path: str(path.relative_to(ROOT)))
def test_coroutines_run_in_the_background(path):
    """Once the browser's tests have run, the main thread has a loop already: the fixture `background` has its own."""
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    assert "asyncio.run" not in {ast.unparse(call.func) for call in calls}
