"""Files, folders, archives, databases."""

import contextlib
import fcntl
import glob
import logging.handlers
import mmap
import os
import pathlib
import pickle
import shutil
import sqlite3
import tarfile
import tempfile
import zipfile

HERE = pathlib.Path("/tmp")


def written():
    (HERE / "a").write_text("text")
    with (HERE / "a").open("a+b", buffering=0) as file:
        file.write(b"more")
        file.seek(0)
        file.read()
        file.truncate(3)
        os.fsync(file.fileno())
        os.pwrite(file.fileno(), b"x", 1)
        os.pread(file.fileno(), 1, 1)
        fcntl.lockf(file, fcntl.LOCK_EX)
        os.fchmod(file.fileno(), 0o600)


def names():
    (HERE / "deep/er").mkdir(parents=True)
    (HERE / "deep/er/file").write_bytes(b"x" * 100_000)
    (HERE / "deep/er/file").rename(HERE / "deep/er/other")
    (HERE / "deep/er/other").chmod(0o640)
    os.utime(HERE / "deep/er/other", (1, 2))
    os.replace(HERE / "deep/er/other", HERE / "deep/er/third")
    (HERE / "deep/er/third").stat()
    (HERE / "deep/er/third").exists()
    os.access(HERE / "deep", os.W_OK)
    os.chdir("/tmp")
    os.getcwd()
    list(os.walk("/tmp"))
    glob.glob("/tmp/**", recursive=True)
    list(os.scandir("/rt"))
    (HERE / "deep").resolve()


def links():
    os.symlink("a", HERE / "soft")
    os.readlink(HERE / "soft")
    os.link(HERE / "a", HERE / "hard")


def copied():
    shutil.copy2(HERE / "a", HERE / "b")
    shutil.copy2("/rt/main.py", HERE / "c")
    shutil.copyfile(HERE / "b", HERE / "d")
    shutil.copytree(HERE / "deep", HERE / "deep2")
    shutil.move(HERE / "d", HERE / "e")
    shutil.rmtree(HERE / "deep2")


def temporary():
    with tempfile.TemporaryDirectory() as folder, tempfile.NamedTemporaryFile(dir=folder) as file:
        file.write(b"x")
    with tempfile.TemporaryFile() as file:
        file.write(b"x")
    with tempfile.SpooledTemporaryFile(max_size=1) as spooled:
        spooled.write(b"xx")


def packed():
    with zipfile.ZipFile(HERE / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(HERE / "a")
    with zipfile.ZipFile(HERE / "a.zip") as archive:
        archive.extractall(HERE / "unzipped")
    with tarfile.open(HERE / "a.tar.xz", "w:xz") as tar:
        tar.add(HERE / "deep", "deep")
    with tarfile.open(HERE / "a.tar.xz") as tar:
        tar.extractall(HERE / "untarred")


def databases():
    for mode in ("delete", "wal", "memory"):
        with contextlib.closing(sqlite3.connect(HERE / f"{mode}.sqlite")) as database:
            database.execute(f"pragma journal_mode={mode}")
            database.execute("pragma mmap_size=1000000")
            database.execute("create table t (a, b)")
            database.executemany("insert into t values (?, ?)", ((n, "x" * 100) for n in range(500)))
            database.commit()
            database.execute("vacuum")
    pickle.loads(pickle.dumps(HERE))


def mapped():
    with (HERE / "b").open("r+b") as file, mmap.mmap(file.fileno(), 0) as view:
        view[0] = 65


def logged():
    logger = logging.getLogger("here")
    logger.addHandler(logging.handlers.RotatingFileHandler(HERE / "log", maxBytes=10, backupCount=2))
    for _ in range(5):
        logger.error("text")


STEPS = (written, names, links, copied, temporary, packed, databases, mapped, logged)
