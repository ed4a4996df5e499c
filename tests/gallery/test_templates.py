"""Each template does what its page promises: made, set up and called as its README says, on the real thing."""

import http.server
import json
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

from console.webtasks.gallery import Template, templates
from tests.senders import signed
from tests.stack import ROOT, Member, Stack, free_port

PACKAGES = json.loads((ROOT / "executor" / "platform" / "package.json").read_text())


class Outside(http.server.BaseHTTPRequestHandler):
    """What templates call: answers JSON that says what it was asked, and remembers what was posted."""

    protocol_version = "HTTP/1.1"
    posted: list[Any] = []

    def do_GET(self) -> None:
        where = urlsplit(self.path)
        told = {"authorization": self.headers["authorization"], **dict(parse_qsl(where.query))}
        self.reply(
            {"title": "Tea time", "url": "https://example.com"} if where.path == "/today.json" else told
        )

    def do_POST(self) -> None:
        self.posted.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        self.reply({})

    def reply(self, data: Any) -> None:
        body = json.dumps(data).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class Inbox(Message):
    got: list[Any] = []

    def handle_message(self, message: Any) -> None:
        self.got.append(message)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", free_port()), Outside) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.fixture(scope="module")
def mail_port() -> Iterator[int]:
    controller = Controller(Inbox(), hostname="127.0.0.1", port=free_port())
    controller.start()
    yield int(controller.port)
    controller.stop()


@pytest.fixture(scope="module")
def member(port: int, mail_port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Member]:
    """Of a stack whose webtasks may reach these two."""
    stack = Stack.start(
        tmp_path_factory.mktemp("templates") / "data",
        WEBTASKS_EGRESS_PRIVATE="127.0.0.1/32",
        WEBTASKS_EGRESS_PORTS=f"{port},{mail_port}",
    )
    with Member(stack, stack.email, stack.password) as one:
        yield one
    assert stack.stop() == 0, stack.log.read_text()[-4000:]


@pytest.fixture
def secrets(port: int, mail_port: int) -> dict[str, str]:
    """In the place of the examples that lead elsewhere."""
    return {
        "SOURCE_URL": f"http://localhost:{port}/today.json",
        "HOOK_URL": f"http://localhost:{port}/hook",
        "UPSTREAM_URL": f"http://localhost:{port}/weather",
        "SMTP_URL": f"smtp://localhost:{mail_port}?ignoreTLS=true",
    }


def make(member: Member, template: Template, secrets: dict[str, str]) -> None:
    """By the form of its page; then what its page says that it needs."""
    form = {
        "team": "acme",
        "name": template.name,
        "csrfmiddlewaretoken": member.http.cookies["webtasks_csrf"],
    }
    made = member.http.post(f"/templates/{template.name}", data=form)
    if template.name == "hello" and made.status_code == 409:
        # The demo team has one.
        member.save("hello", template.code, dict(template.files))
    else:
        assert made.headers["location"] == f"/t/acme/{template.name}", made.text
    wanted = {secret["name"]: secrets.get(secret["name"], secret["example"]) for secret in template.secrets}
    if wanted:
        assert member.api("PATCH", f"/{template.name}/secrets", json={"secrets": wanted}).is_success
    if template.guard:
        assert member.api("PUT", f"/{template.name}/guard", json=template.guard).is_success
    if template.schedule:
        answer = member.api(
            "POST", f"/{template.name}/schedules", json={"schedule": template.schedule["cron"]}
        )
        assert answer.is_success, answer.text
    etag = member.api("GET", f"/{template.name}").json()["draft"]["etag"]
    answer = member.api("POST", f"/{template.name}/publish", json={"message": "", "etag": etag})
    assert answer.status_code == 201, answer.text


def ask(member: Member, template: Template) -> httpx.Response:
    example = template.example
    headers = dict(example.headers)
    if template.guard:
        by = template.secrets[0]["example"]
        headers |= signed(template.guard["kind"], example.body.encode(), secret=by)
    url = f"{member.stack.url}/api/run/acme/{template.name}{example.path}"
    return httpx.request(example.method, url, headers=headers, content=example.body or None, timeout=60)


@pytest.mark.parametrize("template", templates().values(), ids=templates())
def test_its_example_is_answered_as_it_says(template: Template, member: Member, secrets: dict[str, str]):
    make(member, template, secrets)
    answer = ask(member, template)
    example = template.example
    assert answer.status_code == example.status, answer.text
    if example.json is not None:
        assert answer.json() == example.json
    elif example.text:
        assert answer.text == example.text
    else:
        assert example.contains
        assert example.contains in answer.text


def called(member: Member, name: str, path: str = "", **more: Any) -> httpx.Response:
    method = more.pop("method", "GET")
    return httpx.request(method, f"{member.stack.url}/api/run/acme/{name}{path}", timeout=60, **more)


class TestWhatElseTheySay:
    """What the READMEs promise beside the example; made by the tests above."""

    def test_posts_and_mails_arrive(self):
        assert Outside.posted == [{"text": "Good morning! Today: Tea time https://example.com"}]
        (mail,) = Inbox.got
        assert (mail["To"], mail["Reply-To"]) == ("you@example.com", "ada@example.com")
        assert mail.get_payload().strip() == "Hello!"

    def test_nothing_unsigned_comes_in(self, member: Member):
        for name in ("github-webhook", "slack-command"):
            assert called(member, name, method="POST", content=b"{}").status_code == 401

    def test_a_short_link_leads_there_and_takes_the_key(self, member: Member):
        answer = called(member, "short-links", "/docs")
        assert (answer.status_code, answer.headers["location"]) == (302, "https://example.com/docs")
        assert called(member, "short-links", "/nothing").status_code == 404
        body = {"name": "x", "to": "https://example.com"}
        assert called(member, "short-links", method="POST", json=body).status_code == 401

    def test_it_counts_on(self, member: Member):
        assert called(member, "counter").json() == {"count": 2}

    def test_wrong_requests_are_told_what_is_right(self, member: Member):
        assert called(member, "json-api", "/moons").status_code == 404
        assert "degrees=21" in called(member, "typescript").json()["error"]
        assert called(member, "express", "/sum", method="POST", json={}).status_code == 400
        assert "ada" not in called(member, "form").text

    def test_who_may_come_in_gets_a_role(self, member: Member):
        user = {"email": "ada@example.com", "email_verified": True}
        answer = called(member, "auth-rule", method="POST", json={"user": user}).json()
        assert answer["context"]["idToken"] == {"https://example.com/roles": ["member"]}

    def test_a_reader_that_has_the_feed_is_spared_it(self, member: Member):
        etag = called(member, "rss").headers["etag"]
        assert called(member, "rss", headers={"if-none-match": etag}).status_code == 304


def test_each_says_what_it_needs():
    assert len(templates()) >= 16
    for template in templates().values():
        code = "\n".join([template.code, *template.files.values()])
        assert all(secret["name"] in template.code or template.guard for secret in template.secrets)
        assert ("storage" in template.uses) == ("ctx.storage." in template.code)
        assert ("network" in template.uses) == ("await fetch(" in code or "nodemailer" in template.code)
        assert set(template.packages) <= PACKAGES["dependencies"].keys()
        assert template.title
        assert template.line.endswith(".")
        assert template.readme.startswith(f"# {template.title}\n")
