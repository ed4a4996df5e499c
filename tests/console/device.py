"""A device that keeps passkeys, as a browser would speak for it."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

ORIGIN = "http://localhost:8000"
_FLAGS = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


@dataclass
class Device:
    """One key, kept with the address and all; `origin` is where the browser says that it is."""

    origin: str = ORIGIN
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    handle: str = ""

    @property
    def name(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        return hashlib.sha256(str(numbers.x).encode()).digest()

    def make(self, options: dict[str, Any]) -> str:
        asked = options["creation_options"]["publicKey"]
        self.handle = asked["user"]["id"]
        kept = AttestedCredentialData.create(
            Aaguid.NONE, self.name, ES256.from_cryptography_key(self.key.public_key())
        )
        data = AuthenticatorData.create(
            _digest(asked["rp"]["id"]), _FLAGS | AuthenticatorData.FLAG.AT, 0, kept
        )
        client = self._client(CollectedClientData.TYPE.CREATE, asked["challenge"])
        answer = {
            "clientDataJSON": websafe_encode(client),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        }
        return self._credential(answer, credProps={"rk": True})

    def prove(self, options: dict[str, Any]) -> str:
        asked = options["request_options"]["publicKey"]
        data = AuthenticatorData.create(_digest(asked["rpId"]), _FLAGS, 0)
        client = self._client(CollectedClientData.TYPE.GET, asked["challenge"])
        signed = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        answer = {
            "clientDataJSON": websafe_encode(client),
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(signed),
            "userHandle": self.handle,
        }
        return self._credential(answer)

    def _client(self, kind: str, challenge: str) -> CollectedClientData:
        return CollectedClientData.create(kind, websafe_decode(challenge), self.origin)

    def _credential(self, response: dict[str, Any], **extensions: Any) -> str:
        name = websafe_encode(self.name)
        return json.dumps(
            {
                "id": name,
                "rawId": name,
                "type": "public-key",
                "authenticatorAttachment": "platform",
                "response": response,
                "clientExtensionResults": extensions,
            }
        )


def _digest(host: str) -> bytes:
    return hashlib.sha256(host.encode()).digest()
