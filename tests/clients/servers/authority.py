"""A certificate authority that nobody trusts unless told so, and what it signed."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.clients.servers.process import program


@dataclass(frozen=True, slots=True)
class Pair:
    """PEM texts, and the files they are in."""

    certificate: str
    key: str
    certificate_file: Path
    key_file: Path


@dataclass(frozen=True, slots=True)
class Authority:
    own: Pair
    place: Path

    @classmethod
    def establish(cls, place: Path) -> "Authority":
        extensions = "basicConstraints=critical,CA:TRUE"
        return cls(_make(place, "authority", "Test authority", ["-addext", extensions]), place)

    def sign(self, host: str) -> Pair:
        issuer = ["-CA", str(self.own.certificate_file), "-CAkey", str(self.own.key_file)]
        return _make(self.place, host, host, [*issuer, "-addext", f"subjectAltName=DNS:{host}"])


def _make(place: Path, name: str, subject: str, more: list[str]) -> Pair:
    certificate, key = place / f"{name}.crt", place / f"{name}.key"
    command = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
               "-subj", f"/CN={subject}", "-keyout", str(key), "-out", str(certificate), *more]  # fmt: skip
    subprocess.run([program("openssl"), *command], check=True, capture_output=True, timeout=30)
    return Pair(certificate.read_text(), key.read_text(), certificate, key)
