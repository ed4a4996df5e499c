"""Settings from the environment: a wrong one stops the boot and says which, why and what to write."""

import os
import runpy
import stat
import subprocess
import sys

import pytest

from console import checks, env
from tests.stack import ROOT


@pytest.fixture
def findings(monkeypatch):
    found: list[env.Finding] = []
    monkeypatch.setattr(env, "findings", found)
    return found


def manage(*arguments, **variables):
    environment = {**os.environ, **variables}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def read():
    """The settings, as they are with the variables of now."""
    identity = runpy.run_path(str(ROOT / "console" / "identity.py"))
    return {**runpy.run_path(str(ROOT / "console" / "settings.py")), **identity}


@pytest.mark.parametrize(
    ("variable", "value", "code"),
    [
        ("WEBTASKS_PORT", "http", "E002"),
        ("WEBTASKS_PORT", "70000", "E002"),
        ("WEBTASKS_PORT", "٣", "E002"),
        ("WEBTASKS_DEBUG", "maybe", "E003"),
        ("WEBTASKS_LOG_LEVEL", "loud", "E004"),
        ("WEBTASKS_DOMAIN", "http://x", "E005"),
        ("WEBTASKS_CONSOLE_HOST", "a b", "E005"),
        ("WEBTASKS_INTERNAL_HOSTS", "ok,not ok", "E005"),
        ("WEBTASKS_CONSOLE_ORIGIN", "localhost:8000", "E006"),
        ("WEBTASKS_CONSOLE_ORIGIN", "https://x/", "E006"),
        ("WEBTASKS_CONSOLE_ORIGIN", "http://x:99999", "E006"),
        ("WEBTASKS_DATA", "/proc/nothing", "E007"),
        ("WEBTASKS_SECRET_KEY", "short", "E008"),
        ("WEBTASKS_NODE_TOKEN_FILE", "/nowhere/at/all", "E001"),
        ("WEBTASKS_SIGNUP", "perhaps", "E004"),
        ("WEBTASKS_GITHUB_CLIENT_ID", "x", "E020"),
        ("WEBTASKS_GOOGLE_CLIENT_SECRET", "x", "E020"),
        ("WEBTASKS_OIDC_URL", "https://id.example.com", "E020"),
        ("WEBTASKS_OIDC_TRUSTED", "perhaps", "E003"),
    ],
)
def test_a_wrong_value_is_found(tmp_path, monkeypatch, findings, variable, value, code):
    monkeypatch.setenv("WEBTASKS_DATA", str(tmp_path))
    monkeypatch.setenv(variable, value)
    read()
    assert [finding.code for finding in findings][:1] == [f"webtasks.{code}"]
    assert variable.removesuffix("_FILE") in findings[0].text
    assert findings[0].hint


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("smtp://mail.example.com", {"port": 25, "use_tls": False, "use_ssl": False, "username": ""}),
        ("smtp+starttls://ada:a%40b@mail.example.com", {"port": 587, "use_tls": True, "password": "a@b"}),
        ("smtps://mail.example.com:4650/", {"port": 4650, "use_ssl": True, "use_tls": False}),
    ],
)
def test_a_mail_server_is_one_address(monkeypatch, findings, url, said):
    monkeypatch.setenv("WEBTASKS_TEST", url)
    read = env.smtp("WEBTASKS_TEST")
    assert read is not None
    assert {"host": "mail.example.com", **said}.items() <= read.items()
    assert findings == []


@pytest.mark.parametrize(
    "url", ["mail.example.com", "http://x", "smtp://", "smtp://x:y@z:port", "smtp://x/path", "smtp://[x"]
)
def test_another_address_is_refused_without_its_password(monkeypatch, findings, url):
    monkeypatch.setenv("WEBTASKS_TEST", url)
    assert env.smtp("WEBTASKS_TEST") is None
    assert [(finding.code, url in finding.text) for finding in findings] == [("webtasks.E013", False)]


def test_providers_are_set_up_by_variables_alone(tmp_path, monkeypatch, findings):
    monkeypatch.setenv("WEBTASKS_DATA", str(tmp_path))
    assert all(entry["APPS"] == [] for entry in read()["SOCIALACCOUNT_PROVIDERS"].values())
    (tmp_path / "mounted").write_text("from a file\n")
    for name in ("GITHUB", "OIDC"):
        monkeypatch.setenv(f"WEBTASKS_{name}_CLIENT_ID", f"id of {name}")
        monkeypatch.setenv(f"WEBTASKS_{name}_CLIENT_SECRET_FILE", str(tmp_path / "mounted"))
    monkeypatch.setenv("WEBTASKS_OIDC_URL", "https://id.example.com/realms/acme/")
    monkeypatch.setenv("WEBTASKS_OIDC_TRUSTED", "yes")
    found = read()["SOCIALACCOUNT_PROVIDERS"]
    assert found["google"]["APPS"] == []
    assert found["github"]["APPS"] == [{"client_id": "id of GITHUB", "secret": "from a file"}]
    openid = found["openid_connect"]["APPS"][0]
    assert (openid["client_id"], openid["secret"], openid["name"]) == (
        "id of OIDC",
        "from a file",
        "id.example.com",
    )
    told = {"server_url": "https://id.example.com/realms/acme", "email_authentication": True}
    assert openid["settings"] == told
    assert findings == []


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("https://id.example.com/", "https://id.example.com"),
        ("https://id.example.com/a/.well-known/openid-configuration", "https://id.example.com/a"),
        ("http://localhost:9000", "http://localhost:9000"),
        ("http://id.example.com", ""),
        ("https://id.example.com?x=1", ""),
        ("https://user@id.example.com", ""),
        ("id.example.com", ""),
        ("https://[x", ""),
    ],
)
def test_an_openid_provider_is_known_by_its_certificate(findings, url, read):
    assert env.issuer("WEBTASKS_OIDC_URL", url) == read
    assert [finding.code for finding in findings] == ([] if read else ["webtasks.E021"])


def test_wrong_values_stop_the_boot_all_at_once_with_ids_and_hints(tmp_path):
    told = manage("check", WEBTASKS_DATA=str(tmp_path), WEBTASKS_PORT="x", WEBTASKS_DEBUG="y")
    assert told.returncode == 1
    for part in (
        "(webtasks.E002) WEBTASKS_PORT='x'",
        "(webtasks.E003) WEBTASKS_DEBUG='y'",
        "HINT: Write yes or no.",
    ):
        assert part in told.stderr


def test_with_nothing_set_all_is_well(tmp_path):
    assert manage("check", "--fail-level", "WARNING", WEBTASKS_DATA=str(tmp_path / "new")).returncode == 0
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    for name in ("secret_key", "node_token"):
        key = tmp_path / "new" / name
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        assert len(key.read_text()) == 64


def test_keys_stay_the_same(tmp_path, findings):
    first = env.secret("WEBTASKS_TEST_KEY", tmp_path / "key")
    assert env.secret("WEBTASKS_TEST_KEY", tmp_path / "key") == first
    assert [path.name for path in tmp_path.iterdir()] == ["key"]
    assert findings == []


def test_a_key_that_others_can_read_is_refused(tmp_path, findings):
    env.secret("WEBTASKS_TEST_KEY", tmp_path / "key")
    (tmp_path / "key").chmod(0o644)
    env.secret("WEBTASKS_TEST_KEY", tmp_path / "key")
    assert [finding.code for finding in findings] == ["webtasks.E009"]


def test_a_secret_may_come_from_a_file(tmp_path, monkeypatch, findings):
    (tmp_path / "mounted").write_text("s" * 40 + "\n")
    monkeypatch.setenv("WEBTASKS_TEST_KEY_FILE", str(tmp_path / "mounted"))
    assert env.secret("WEBTASKS_TEST_KEY", tmp_path / "unused") == "s" * 40


def test_an_empty_variable_counts_as_unset(monkeypatch):
    monkeypatch.setenv("WEBTASKS_TEST", "")
    assert env.whole("WEBTASKS_TEST", 7, low=1, high=9) == 7


def test_a_socket_path_too_long_for_the_kernel_is_told(settings):
    settings.CONSOLE_SOCKET = "/" + "x" * 107
    assert [message.id for message in checks.check_socket_path()] == ["webtasks.E011"]


@pytest.mark.parametrize(
    ("console", "domain", "ids"),
    [
        ("localhost", "localhost", []),
        ("console.example.com", "example.net", []),
        ("console.example.com", "example.com", ["webtasks.E012"]),
        ("console.example.com", "example.com.evil.net", []),
        ("example.com", "run.example.com", ["webtasks.W001"]),
        ("example.com", "myexample.com", []),
        ("console.example.com", "run.example.com", ["webtasks.W001"]),
        ("console.example.com", "deep.run.example.com", ["webtasks.W001"]),
        ("www.console.example.com", "run.example.com", []),
    ],
)
def test_webtasks_must_live_on_another_name_than_the_console(settings, console, domain, ids):
    settings.CONSOLE_HOST, settings.DOMAIN = console, domain
    assert [message.id for message in checks.check_hosts()] == ids


@pytest.mark.parametrize(
    ("origin", "prefix"), [("https://console.example.com", "__Host-"), ("http://console.example.com", "")]
)
def test_over_https_no_other_host_can_plant_a_cookie_of_the_consoles(monkeypatch, origin, prefix):
    monkeypatch.setenv("WEBTASKS_CONSOLE_ORIGIN", origin)
    settings = read()
    names = (settings["SESSION_COOKIE_NAME"], settings["CSRF_COOKIE_NAME"])
    assert names == (f"{prefix}webtasks_session", f"{prefix}webtasks_csrf")
    # What browsers ask of a name like that.
    for cookie in ("SESSION", "CSRF"):
        assert settings[f"{cookie}_COOKIE_SECURE"] is bool(prefix)
        assert (settings.get(f"{cookie}_COOKIE_DOMAIN"), settings.get(f"{cookie}_COOKIE_PATH")) == (
            None,
            None,
        )


def test_every_migration_is_written(db):
    told = manage("makemigrations", "--check", "--dry-run")
    assert told.returncode == 0, told.stdout


def test_old_keys_come_from_the_variable_and_from_the_file(tmp_path, monkeypatch, findings):
    path = tmp_path / "secret_key_fallbacks"
    assert env.fallbacks("WEBTASKS_TEST", path) == []
    path.write_text("two\nthree\n")
    path.chmod(0o600)
    monkeypatch.setenv("WEBTASKS_TEST", "one,two,")
    assert env.fallbacks("WEBTASKS_TEST", path) == ["one", "two", "three"]
    assert findings == []
    path.chmod(0o640)
    env.fallbacks("WEBTASKS_TEST", path)
    path.write_bytes(b"\xff")
    env.fallbacks("WEBTASKS_TEST", path)
    assert [finding.code for finding in findings] == ["webtasks.E009", "webtasks.E010"]
