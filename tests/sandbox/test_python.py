"""The Python runtime: what it is made of, and that it starts behind the walls."""

import platform

from executor.runtimes import python


async def test_the_self_test_passes_and_names_the_version(data):
    assert await python.self_test(python.prepare(data, {})) == platform.python_version()


def test_the_root_holds_the_library_without_what_was_installed(tmp_path):
    guest = tmp_path / "main.py"
    guest.write_text("pass")
    root = python.prepare(tmp_path, {"/rt/main.py": guest})
    found = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
    assert {"python/bin/python", "rt/main.py", "etc/passwd"} <= found
    assert any(name.endswith("/json/decoder.py") for name in found)
    assert [name for name in found if "-packages/" in name or "/test/" in name] == []
    places = {name.split("/")[0] for name in found}
    assert places - {"lib", "lib64", "usr"} == {"python", "rt", "etc"}
