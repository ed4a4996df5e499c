"""Webtask tokens: the form stock clients need, and every reason to refuse one, in the protocol's words."""

import time

import jwt
import pytest

from console.accounts import tokens
from console.accounts.actions import issue_token, revoke_token
from console.accounts.audit import SYSTEM
from console.accounts.models import AuditEvent
from console.problems import Forbidden


@pytest.fixture
def team(people):
    return people.team


@pytest.fixture
def issue(team):
    def issue(**claims):
        return issue_token(team, "test", actor=SYSTEM, **claims)

    return issue


def refusal(presented: str, team: str = "acme") -> str:
    with pytest.raises(Forbidden) as refused:
        tokens.verify(presented, team)
    return refused.value.detail


def test_a_token_is_good_for_its_team(issue):
    token = issue()
    assert tokens.verify(tokens.sign(token.claims), "acme") == token


def test_its_header_names_the_key_and_no_type(issue):
    """With `typ`, sandboxjs takes it for a token of another dialect."""
    header = jwt.get_unverified_header(tokens.sign(issue().claims))
    assert set(header) == {"alg", "kid"}


def test_signing_again_gives_the_same_token(issue):
    claims = issue().claims
    assert tokens.sign(claims) == tokens.sign(dict(claims))


def test_without_a_token(team):
    assert refusal("") == "rejecting request without Authorization header or key URL query parameter"


@pytest.mark.parametrize("presented", ["x", "a.b.c", "é", "." * 10, "x" * 10_000])
def test_garbage(team, presented):
    assert refusal(presented).startswith("rejecting request with JWT token")


def test_another_servers_token(issue, settings):
    presented = tokens.sign(issue().claims)
    settings.SECRET_KEY = "another-servers-secret-key-of-enough-length"
    assert refusal(presented) == "rejecting request with JWT token signed with untrusted key"


def test_a_token_signed_with_a_retired_key_still_holds(issue, settings):
    token = issue()
    presented = tokens.sign(token.claims)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the-new-secret-key-that-signs-from-now-on"
    assert tokens.verify(presented, "acme") == token
    assert tokens.sign(token.claims) != presented


def test_claims_that_were_tampered_with(issue):
    head, claims, signature = tokens.sign(issue().claims).split(".")
    other = tokens.sign(issue().claims).split(".")[1]
    assert claims != other
    assert refusal(f"{head}.{other}.{signature}").endswith("that fails signature validation")


def test_no_signature_at_all(issue):
    kid = jwt.get_unverified_header(tokens.sign(issue().claims))["kid"]
    presented = jwt.encode(issue().claims, "", algorithm="none", headers={"kid": kid})
    assert refusal(presented).endswith("that fails signature validation")


def test_expired(issue):
    assert refusal(tokens.sign(issue(exp=int(time.time()) - 5).claims)) == "expired JWT token"


def test_not_yet_valid(issue):
    assert refusal(tokens.sign(issue(nbf=int(time.time()) + 60).claims)) == "not yet valid JWT token"


def test_another_team(issue):
    presented = tokens.sign(issue().claims)
    assert refusal(presented, "chaos") == "not authorized to perform operation on tenant `chaos`"


def test_a_team_that_is_not_there_looks_like_one_that_is_not_covered(issue):
    presented = tokens.sign(issue(ten="acme,nowhere").claims)
    assert refusal(presented, "nowhere") == "not authorized to perform operation on tenant `nowhere`"


def test_revoked(issue):
    token = issue()
    revoke_token(token.jti, actor=SYSTEM)
    assert refusal(tokens.sign(token.claims)) == "token is revoked"


def test_a_descendant_of_a_revoked_token(issue):
    parent = issue()
    child = issue(ca=[parent.jti])
    assert tokens.verify(tokens.sign(child.claims), "acme") == child
    revoke_token(parent.jti, actor=SYSTEM)
    assert refusal(tokens.sign(child.claims)) == "token is revoked"


def test_a_token_whose_row_is_gone(issue):
    token = issue()
    presented = tokens.sign(token.claims)
    token.delete()
    assert refusal(presented) == "token is revoked"


@pytest.mark.parametrize(
    ("ten", "team", "covered"),
    [
        ("acme", "acme", True),
        ("acme", "acme2", False),
        ("a,acme", "acme", True),
        ("/^ac/", "acme", True),
        ("/^b/", "acme", False),
        (None, "acme", True),
        ("", "acme", False),
    ],
)
def test_which_teams_a_claim_covers(ten, team, covered):
    assert tokens.covers(ten, team) is covered


def test_issuing_and_revoking_are_audited_once(issue):
    token = issue()
    revoke_token(token.jti, actor=SYSTEM)
    revoke_token(token.jti, actor=SYSTEM)
    trail = AuditEvent.objects.filter(object=token.jti).order_by("id")
    assert [event.action for event in trail] == ["token.issue", "token.revoke"]
