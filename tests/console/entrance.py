"""Somebody at the pages where people sign in, without JavaScript."""

import base64
import hashlib
import hmac
import json
import re
import struct
import time
from dataclasses import dataclass, field
from typing import Any

from django.core import mail
from django.test import Client

from console.accounts.models import Team, User
from tests.console.device import Device

PASSWORD = "correct horse battery"
QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@dataclass
class Somebody:
    """Fills in forms; `mail.outbox` holds the letters."""

    client: Client = field(default_factory=Client)

    def sign_up(self, email: str, password: str = PASSWORD, **more: str) -> Any:
        return self.client.post("/signup", {"email": email, "password1": password, **more})

    def sign_in(
        self, email: str, password: str = PASSWORD, *, address: str = "127.0.0.1", **more: str
    ) -> Any:
        form = {"login": email, "password": password, **more}
        return self.client.post("/signin", form, REMOTE_ADDR=address)

    def prove(self, code: str) -> Any:
        return self.client.post("/account/address/prove", {"code": code, "action": "verify"})

    def confirm(self, password: str = PASSWORD) -> Any:
        """Once more, before what is sensitive."""
        return self.client.post("/account/confirm", {"password": password})

    def is_signed_in(self) -> bool:
        return bool(self.client.get("/account").status_code == 200)

    def ask_for_reset(self, email: str) -> Any:
        return self.client.post("/account/password/reset", {"email": email})

    def reset(self, link: str, password: str) -> Any:
        """By the link of a letter."""
        form = self.client.get(link)
        place = form["Location"] if form.status_code == 302 else link
        return self.client.post(place, {"password1": password, "password2": password})

    def turn_codes_on(self) -> tuple[str, list[str]]:
        """The secret of the app, and the recovery codes."""
        self.confirm()
        page = self.client.get("/account/authenticator/add").content.decode()
        secret = _found(r"<code>([A-Z2-7]{32})</code>", page)
        done = self.client.post("/account/authenticator/add", {"code": app_code(secret)})
        assert done.status_code == 302, done.content
        shown = self.client.get(done["Location"]).content.decode()
        return secret, re.findall(r"<li>(\d{8})</li>", shown)

    def add_passkey(self, device: Device) -> Any:
        self.confirm()
        page = self.client.get("/account/passkeys/add")
        form = {"name": "Laptop", "credential": device.make(options_of(page)), "passwordless": "on"}
        return self.client.post("/account/passkeys/add", form)

    def show_passkey(self, device: Device, **more: str) -> Any:
        """To sign in."""
        asked = self.client.get("/signin/passkey", headers={"accept": "application/json"}).json()
        return self.client.post("/signin/passkey", {"credential": device.prove(asked), **more})


def options_of(page: Any) -> dict[str, Any]:
    """What a page tells its script about a passkey."""
    found = _found(r'<script id="wt-passkey" type="application/json">(.*?)</script>', page.content.decode())
    options: dict[str, Any] = json.loads(found)
    return options


def app_code(secret: str, *, periods: int = 0) -> str:
    """What an authenticator app shows now, or so many half minutes later."""
    counter = int(time.time()) // 30 + periods
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", counter), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def last_code() -> str:
    """What the last letter says to type."""
    return _found(r"(?m)^    (\S+)$", str(mail.outbox[-1].body))


def last_link() -> str:
    return _found(r"(https?://\S+)", str(mail.outbox[-1].body))


@dataclass
class Guest(Somebody):
    """Who opened the editor without an account."""

    def open(self, **more: Any) -> Any:
        return self.client.post("/new", **more)

    @property
    def team(self) -> Team:
        return Team.objects.get(member__user=self.user)

    @property
    def user(self) -> User:
        return User.objects.get(pk=self.client.session["_auth_user_id"])

    @property
    def session(self) -> str:
        return str(self.client.cookies["webtasks_session"].value)

    def api(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        send = getattr(self.client, method)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return send(
            f"/api/teams/{self.team}{path}", body or {}, content_type="application/json", headers=headers
        )

    def keep(self, email: str, password: str = PASSWORD, **more: str) -> Any:
        return self.client.post("/keep", {"email": email, "password1": password, **more})

    def hand_over(self) -> Any:
        return self.client.post("/keep/in-account")


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.DOTALL)
    assert found, text
    return found.group(1)
