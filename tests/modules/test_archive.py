"""Archives of packages from whoever: nothing is written outside, nothing but ordinary files inside."""

import gzip
import io
import tarfile

import pytest

from executor.modules import bounds
from executor.modules.archive import BadArchive, pick, unpack


def archive(tmp_path, *members, mode="w:gz"):
    """Each member a TarInfo or a name, with its content."""
    path = tmp_path / "archive"
    with tarfile.open(path, mode) as tar:
        for member, content in members:
            info = member if isinstance(member, tarfile.TarInfo) else tarfile.TarInfo(member)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return path


def special(name, kind, link=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info, b""


def test_files_are_readable_and_nothing_more(tmp_path):
    odd = tarfile.TarInfo("node_modules/a/x")
    odd.mode, odd.uid = 0o7777, 12345
    unpack(archive(tmp_path, (odd, b"x"), ("versions.json", b"{}")), tmp_path / "set")
    placed = tmp_path / "set" / "node_modules" / "a" / "x"
    assert (placed.read_bytes(), placed.stat().st_mode & 0o7777) == (b"x", 0o644)
    assert placed.parent.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize(
    "member",
    [
        ("../x", b""), ("/x", b""), ("node_modules/../../x", b""), ("node_modules/./x", b""), ("node_modules//x", b""),
        ("elsewhere", b""), ("node_modules/" + "d/" * 70 + "x", b""), ("node_modules/" + "n" * 2000, b""),
        special("node_modules/x", tarfile.SYMTYPE, "/etc/passwd"),
        special("node_modules/x", tarfile.LNKTYPE, "versions.json"),
        special("node_modules/x", tarfile.FIFOTYPE), special("node_modules/x", tarfile.CHRTYPE),
    ],
)  # fmt: skip
def test_a_name_that_leads_out_or_a_file_that_is_none_is_refused(tmp_path, member):
    with pytest.raises(BadArchive):
        unpack(archive(tmp_path, member), tmp_path / "set")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["archive"]


def test_a_file_that_is_there_already_is_not_written_through(tmp_path):
    path = archive(tmp_path, ("versions.json", b"1"), ("versions.json", b"2"))
    with pytest.raises(FileExistsError):
        unpack(path, tmp_path / "set")
    assert not (tmp_path / "set").exists()


def test_too_many_files_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(bounds, "FILES", 10)
    path = archive(tmp_path, *((f"node_modules/{number}", b"") for number in range(11)))
    with pytest.raises(BadArchive):
        unpack(path, tmp_path / "set")


def test_a_bomb_is_refused_by_what_it_claims_to_hold(tmp_path):
    info = tarfile.TarInfo("versions.json")
    info.size = bounds.BYTES + 1
    path = tmp_path / "archive"
    path.write_bytes(gzip.compress(info.tobuf() + bytes(10_000)))
    with pytest.raises(BadArchive):
        unpack(path, tmp_path / "set")


@pytest.mark.parametrize(
    "kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK]
)
def test_a_header_that_would_fill_the_memory_is_refused_unread(tmp_path, kind):
    info = tarfile.TarInfo("x")
    info.type, info.size = kind, 1 << 33
    path = tmp_path / "archive"
    path.write_bytes(gzip.compress(info.tobuf() + bytes(1 << 20)))
    with pytest.raises(BadArchive, match="header"):
        unpack(path, tmp_path / "set")


@pytest.mark.parametrize(
    "data", [b"", b"no archive", gzip.compress(b"no archive"), gzip.compress(b"no archive")[:20]]
)
def test_what_is_no_archive_is_refused(tmp_path, data):
    path = tmp_path / "archive"
    path.write_bytes(data)
    with pytest.raises(BadArchive):
        unpack(path, tmp_path / "set")
    assert not (tmp_path / "set").exists()


def test_some_of_its_files_are_read_and_no_more_than_that(tmp_path):
    path = archive(
        tmp_path, ("node_modules/a/x", b"12"), ("node_modules/b/x", b"3"), ("node_modules/a/y", b"45")
    )

    def in_a(name):
        return name.startswith("node_modules/a/")

    assert pick(path, in_a, most=4) == {"node_modules/a/x": b"12", "node_modules/a/y": b"45"}
    assert pick(path, in_a, most=3) == {"node_modules/a/x": b"12"}
