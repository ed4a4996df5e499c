"""PostgreSQL, MariaDB and Redis: Debian's, with a database of their own, on one port of the loopback."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from tests.clients.servers.authority import Pair
from tests.clients.servers.process import folder, own, run, running

PASSWORD = "a password for the test"
TABLES = Path("/usr/share/mysql")


@contextlib.contextmanager
def postgres(port: int, pair: Pair) -> Iterator[None]:
    with folder() as place:
        secret = own_text(place / "secret", PASSWORD)
        certificate, key = (
            own_text(place / "certificate", pair.certificate),
            own_text(place / "key", pair.key),
        )
        data = place / "data"
        run(["initdb", f"--pgdata={data}", "--username=webtask", "--auth=scram-sha-256", f"--pwfile={secret}",
             "--no-sync", "--encoding=UTF8", "--locale=C"], place)  # fmt: skip
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": str(place),
            "fsync": "off",
            "ssl": "on",
            "ssl_cert_file": str(certificate),
            "ssl_key_file": str(key),
        }
        command = ["postgres", "-D", str(data), "-p", str(port)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with running(command, place, ready="ready to accept connections"):
            yield


@contextlib.contextmanager
def mariadb(port: int, pair: Pair) -> Iterator[None]:
    with folder() as place:
        certificate, key = (
            own_text(place / "certificate", pair.certificate),
            own_text(place / "key", pair.key),
        )
        data = place / "data"
        data.mkdir()
        own(data).chmod(0o700)
        tables = [(TABLES / f"mysql_system_tables{part}.sql").read_text() for part in ("", "_data")]
        # What mariadb-install-db does, which needs more packages than the server does.
        bootstrap = "create database mysql;\nuse mysql;\nset @auth_root_socket=NULL;\n" + "".join(tables)
        place_of_data = ["--no-defaults", f"--datadir={data}", "--innodb-flush-method=nosync"]
        run(["mariadbd", *place_of_data, "--bootstrap", "--skip-networking"], place, said=bootstrap)
        grant = own_text(
            place / "grant",
            f"CREATE USER webtask@'%' IDENTIFIED BY '{PASSWORD}';\n"
            "CREATE DATABASE webtask;\nGRANT ALL ON webtask.* TO webtask@'%';\n",
        )
        command = ["mariadbd", *place_of_data, f"--port={port}", f"--socket={place}/socket",
                   f"--pid-file={place}/pid", "--bind-address=127.0.0.1", "--skip-name-resolve",
                   f"--init-file={grant}", f"--ssl-cert={certificate}", f"--ssl-key={key}"]  # fmt: skip
        with running(command, place, ready="ready for connections"):
            yield


@contextlib.contextmanager
def redis(port: int) -> Iterator[None]:
    # Debian's redis-tools holds the server under another name: it is what it is called.
    command = [
        "redis-check-rdb",
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--requirepass",
        "secret",
    ]
    with folder() as place, running(command, place, ready="Ready to accept connections", name="redis-server"):
        yield


def own_text(path: Path, text: str) -> Path:
    path.write_text(text)
    return own(path)
