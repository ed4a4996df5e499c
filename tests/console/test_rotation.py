"""`manage.py rotate_keys`: whatever is sealed opens under the new key alone, and nothing is lost on the way."""

import stat
import time
from dataclasses import replace
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.mail import send_mail
from django.core.management import CommandError, call_command

from console import keyring
from console.accounts import mail, rotation, vault
from console.accounts.models import AuditEvent, Token
from console.jobs.models import Job
from console.serve.lock import sole_server
from console.webtasks import deployments
from console.webtasks.events import ANNOUNCE
from console.webtasks.models import Secret
from tests.console.client import Webtasks, claims_of

SEED = "JBSWY3DPEHPK3PXP"
NEW = "the-new-secret-key-that-seals-from-now-on"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """No server runs with it."""
    settings.RUN = tmp_path / "run"
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture
def renewed(settings):
    """A new key comes, and the old one stays among the fallbacks."""

    def renewed():
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        settings.SECRET_KEY = f"{NEW}-{len(settings.SECRET_KEY_FALLBACKS)}"

    return renewed


@pytest.fixture
def gone(settings):
    def gone():
        settings.SECRET_KEY_FALLBACKS = []

    return gone


@pytest.fixture
def sealed(people, alice, hello, settings):
    """One of each kind."""
    alice.patch("/hello/secrets", {"secrets": {"KEY": "s3cret", "OTHER": "value"}})
    TOTP.activate(alice.user, SEED)
    RecoveryCodes.activate(alice.user)
    Webtasks.of(people.team).issued(
        ten="acme", jtn="mine", code="module.exports = cb => cb()", ectx={"A": "b"}
    )
    settings.EMAIL_BACKEND = "console.accounts.mail.Queued"
    send_mail("Subject", "the text", "from@example.com", ["to@example.com"])
    return alice.user


def rotate(*arguments: str) -> str:
    out = StringIO()
    call_command("rotate_keys", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def refusal(*arguments: str) -> str:
    """What it says when it ends with an error, after all else that it said."""
    out = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("rotate_keys", *arguments, stdout=out, stderr=out)
    return out.getvalue() + str(error.value)


def rows() -> list[object]:
    return [
        list(model._base_manager.order_by("pk").values()) for model in (Secret, Authenticator, Token, Job)
    ]


def test_all_of_it_opens_under_the_new_key_alone(sealed, renewed, gone):
    codes = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).generate_codes()
    renewed()
    told = rotate()
    assert "second factors: 2, 2 sealed anew" in told
    assert "letters that wait: 1, 1 sealed anew" in told
    assert "secrets of webtasks: 3, 3 sealed anew" in told
    assert "secrets in tokens: 1, 1 sealed anew" in told
    gone()
    assert deployments.find("acme", "hello", "").secrets == {"KEY": "s3cret", "OTHER": "value"}
    assert deployments.find("acme", "mine", "").secrets == {"A": "b"}
    factor = TOTP(Authenticator.objects.get(type="totp"))
    # A code works in one period alone, and one may end here.
    now = int(time.time()) // 30
    assert any(factor.validate_code(format_hotp_value(hotp_value(SEED, now + later))) for later in range(2))
    assert RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).generate_codes() == codes
    mail.deliver(Job.objects.get(kind=mail.JOB).payload["letter"])
    assert "Nothing is sealed under an old key." in rotate("--check")


def test_the_secrets_in_a_token_pass_on_to_what_it_issues(people, settings, renewed, gone):
    """The holder's own text ends with the key that signed it."""
    client = Webtasks.of(people.team, dd=5)
    above = client.child(ten="acme", ectx={"A": "b"}, dd=3)
    renewed()
    rotate()
    child = above.issued(ten="acme")
    gone()
    assert above.issue(ten="acme").status_code == 403
    token = Token.objects.get(jti=claims_of(child)["jti"])
    assert deployments.of_token(token, people.team).secrets == {"A": "b"}


def test_again_it_finds_nothing_to_do(sealed, renewed):
    renewed()
    rotate()
    before = rows()
    assert "anew" not in rotate()
    assert rows() == before
    assert AuditEvent.objects.filter(action="keys.rotate").count() == 1


def test_nothing_else_of_a_row_changes(sealed, alice, renewed):
    before = alice.get("/hello/secrets").json()
    RecoveryCodes(Authenticator.objects.get(type="recovery_codes"))._mark_code_used(3)
    renewed()
    rotate()
    assert alice.get("/hello/secrets").json() == before
    assert Authenticator.objects.get(type="recovery_codes").data["used_mask"] == 8


def test_broken_off_it_goes_on_from_there(sealed, renewed):
    renewed()
    assert next(iter(rotation.rotate())).turned == 2
    told = rotate()
    assert "second factors: 2\n" in told
    assert "secrets of webtasks: 3, 3 sealed anew" in told


def test_many_are_turned_by_parts(alice, hello, renewed, monkeypatch):
    monkeypatch.setattr(rotation, "PART", 2)
    alice.patch("/hello/secrets", {"secrets": {f"K{number}": "value" for number in range(5)}})
    renewed()
    assert "secrets of webtasks: 5, 5 sealed anew" in rotate()


def test_a_check_counts_and_changes_nothing(sealed, renewed, settings):
    renewed()
    before, old = rows(), vault.keys()[1]
    told = refusal("--check")
    assert f"secrets of webtasks: 3, 3 under the old key {old}" in told
    assert "7 are under old keys" in told
    assert "webtask tokens: 3;" in told
    assert "sessions: 2, 2 signed with an old key" in told
    assert rows() == before


def test_what_cannot_be_opened_is_named_and_the_rest_is_done(sealed, renewed, gone):
    Secret.objects.filter(name="KEY").update(value=Secret.objects.get(name="OTHER").value)
    Token.objects.filter(claims__has_key="ectx").update(claims={"ectx": "nonsense", "ten": "acme"})
    renewed()
    told = refusal()
    assert "cannot be opened: KEY of acme/hello: it was altered, or belongs elsewhere" in told
    assert "it is not sealed at all" in told
    assert "secrets of webtasks: 3, 2 sealed anew" in told
    assert "2 cannot be opened" in told
    gone()
    other = Secret.objects.get(name="OTHER")
    assert vault.unseal(bytes(other.value), *other.place) == '"value"'


def test_a_key_that_is_lost_is_told_for_each_row_and_nothing_is_written(sealed, settings):
    settings.SECRET_KEY = NEW
    before = rows()
    told = refusal()
    assert told.count("under a key that is not among WEBTASKS_SECRET_KEY and its fallbacks") == 7
    assert rows() == before


def test_a_value_that_is_set_meanwhile_stays(alice, hello, renewed, monkeypatch):
    alice.patch("/hello/secrets", {"secrets": {"KEY": "before"}})
    renewed()
    (kind,) = (kind for kind in rotation.KINDS if kind.title == "secrets of webtasks")
    seen: list[object] = []

    def columns(row, turn):
        found = kind.columns(row, turn)
        if not seen:
            seen.append(row)
            alice.patch("/hello/secrets", {"secrets": {"KEY": "after"}})
        return found

    monkeypatch.setattr(rotation, "KINDS", [replace(kind, columns=columns)])
    rotate()
    assert deployments.find("acme", "hello", "").secrets == {"KEY": "after"}


def test_executors_hear_of_a_webtask_whose_token_reads_another_way(
    sealed, renewed, django_capture_on_commit_callbacks
):
    renewed()
    with django_capture_on_commit_callbacks(execute=True):
        rotate()
    names = [job.payload["names"] for job in Job.objects.filter(kind=ANNOUNCE)]
    assert names == [{"team": "acme", "webtask": "mine"}]


def test_a_running_server_that_does_not_know_the_key_is_restarted_first(sealed, renewed, settings):
    known = vault.keys()
    renewed()
    before = rows()
    with sole_server(settings.RUN, keys=known):
        assert "Restart it" in refusal()
        assert rows() == before
    with sole_server(settings.RUN, keys=vault.keys()):
        assert "Nothing is sealed under an old key." in rotate()


# -- the files ------------------------------------------------------------------------------------------------


def test_a_new_key_takes_the_place_of_the_old_which_stays(folder, db):
    (folder / keyring.KEY).write_text("the-first-key")
    rotate("--new")
    second = (folder / keyring.KEY).read_text()
    assert len(second) >= 32
    assert keyring.old_keys(folder / keyring.OLD) == ["the-first-key"]
    rotate("--new")
    assert keyring.old_keys(folder / keyring.OLD) == [second, "the-first-key"]
    for name in (keyring.KEY, keyring.OLD):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert sorted(path.name for path in folder.iterdir()) == [keyring.KEY, keyring.OLD]


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
def test_wherever_it_is_broken_off_no_key_is_lost(folder, monkeypatch, steps):
    (folder / keyring.KEY).write_text("the-first-key")
    left = [steps]

    def fsync(_descriptor):
        left[0] -= 1
        if left[0] < 0:
            raise OSError("the disk is full")

    monkeypatch.setattr("os.fsync", fsync)
    with pytest.raises(OSError, match="full"):
        keyring.renew(folder)
    keys = [(folder / keyring.KEY).read_text(), *keyring.old_keys(folder / keyring.OLD)]
    assert "the-first-key" in keys
    monkeypatch.undo()
    keyring.renew(folder)
    assert keyring.old_keys(folder / keyring.OLD)[-1] == "the-first-key"
    assert set(keys) <= {(folder / keyring.KEY).read_text(), *keyring.old_keys(folder / keyring.OLD)}


def test_a_key_from_the_environment_is_not_ours_to_renew(monkeypatch, db):
    monkeypatch.setenv("WEBTASKS_SECRET_KEY", "x" * 40)
    assert "WEBTASKS_SECRET_KEY_FALLBACKS" in refusal("--new")


def test_without_a_key_file_nothing_is_made(folder, db):
    assert "The old one is in force." in refusal("--new")
    assert list(folder.iterdir()) == []
