"""What tokens may be asked for, and what of it they pass on: endpoint 2 of the protocol, through HTTP."""

import time

import jwt
import pytest

from console.accounts.actions import create_team
from console.accounts.audit import SYSTEM
from console.accounts.models import Token
from console.webtasks.models import Webtask
from tests.console.client import Webtasks, claims_of, refused

CODE = "module.exports = cb => cb(null, 1)"


@pytest.fixture
def client(people):
    return Webtasks.of(people.team)


@pytest.fixture
def admin(people):
    return Webtasks.of(None)


def test_a_token_is_plain_text_without_a_type_and_says_where_its_webtask_is(client):
    answer = client.issue(ten="acme", dd=0, code=CODE, mb=1, dr=1, jtn="hello")
    assert answer["Content-Type"].startswith("text/plain")
    assert answer["Location"] == "http://localhost:8000/api/run/acme/hello"
    presented = answer.content.decode()
    assert "typ" not in jwt.get_unverified_header(presented)
    claims = claims_of(presented)
    above = claims_of(client.token)
    assert claims.pop("jti") == Token.objects.latest("created_at").jti
    assert claims.pop("iat") == pytest.approx(time.time(), abs=5)
    assert claims == {
        "ca": [above["jti"]],
        "dd": 0,
        "dr": 1,
        "jtn": "hello",
        "mb": 1,
        "ten": "acme",
        "url": "webtask://localhost/api/data/code/acme%2Fhello",
    }


def test_an_unnamed_one_is_called_with_itself_as_key(client):
    answer = client.issue(ten="acme", dd=0, code=CODE)
    presented = answer.content.decode()
    assert answer["Location"] == f"http://localhost:8000/api/run/acme?key={presented}"
    assert claims_of(presented)["url"].endswith(f"acme%2F{claims_of(presented)['jti']}")


def test_numbers_in_strings_are_numbers(client):
    later = int(time.time()) + 100
    claims = claims_of(client.issued(ls="5", exp=str(later), nbf="1"))
    assert (claims["ls"], claims["exp"], claims["nbf"]) == (5, later, 1)


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("ten", 5), ("ten", ""), ("ten", "A"), ("ten", "/(/"), ("ten", "a,a"), ("ten", ",".join(f"t{n}" for n in range(101))), ("code", ""), ("jtnm", ["a b"]), ("jtnm", ["a"] * 1001), ("jtn", 1), ("jtn", "a b"), ("jtn", "@settings"), ("jtn", ".."),
        ("jtn", "a" * 65), ("url", "ftp://x/"), ("url", "webtask://elsewhere"), ("url", 1), ("url", "http://"), ("code", {}),
        ("pctx", []), ("pctx", "x"), ("ectx", []), ("ectx", "not.ours"), ("jtn", "a/b"), ("ectx", 5), ("meta", {"a": 1}), ("meta", []),
        ("dd", -1), ("dd", 1.5), ("dd", "x"), ("dd", True), ("dd", None), ("dr", 2), ("pb", 3), ("mb", "yes"), ("exp", "soon"),
        ("ls", 0), ("lo", 2**31), ("lts", -1), ("host", "no host"), ("host", "localhost"), ("jtnm", "a"), ("jtnm", [1]),
        ("jti", "short"), ("iat", 1), ("ca", []), ("admin", 1), ("", 1),
    ],
)  # fmt: skip
def test_a_claim_of_another_type_or_name_is_refused(client, claim, value):
    base = {"ten": "acme", "jtn": "hello", "code": CODE}
    for other in {"url": ["code"]}.get(claim, []):
        del base[other]
    refused(client.issue(**{**base, claim: value}), 400)
    assert not Webtask.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"x"',
        b"{",
        b"\xff",
        b"[" * 99_999,
        b'{"dd":NaN}',
        b'{"pctx":{"a":1e999}}',
        b'{"code":"\\ud800"}',
    ],
)
def test_a_body_that_is_no_claims(client, body):
    refused(client.call("post", "tokens/issue", body), 400)


def test_ten_megabytes_of_json_are_refused_in_the_same_shape(client):
    refused(client.issue(code="x" * 10_000_000), 413)


@pytest.mark.parametrize(
    "claims",
    [
        {"code": CODE, "url": "https://example.com/x.js"},
        {"jtn": "hello", "code": CODE, "ten": "acme,chaos"},
        {"meta": {"a": "b"}},
        {"nbf": 20, "exp": 20},
        {"jtn": "fresh"},
        {"url": "webtask://localhost/api/data/code/chaos%2Fhello"},
        {"url": "webtask://localhost/api/data/code/acme%2Fnone"},
    ],
)
def test_claims_that_do_not_go_together(client, claims):
    refused(client.issue(**{"ten": "acme", **claims}) if "ten" not in claims else client.issue(**claims), 400)


# -- what is passed on ----------------------------------------------------------------------------------------


def test_the_container_is_passed_on(client):
    assert claims_of(client.issued())["ten"] == "acme"


@pytest.mark.parametrize("ten", ["chaos", "acme,chaos", "/acme/", "/.*/"])
def test_no_other_container_can_be_asked_for(client, ten):
    refused(client.issue(ten=ten), 400)


def test_of_several_containers_some_can(admin, people):
    both = admin.child(ten="acme,chaos", dd=3)
    assert claims_of(both.issued(ten="chaos"))["ten"] == "chaos"
    refused(both.issue(ten="acme,other"), 400)


def test_a_pattern_of_containers_is_narrowed_to_names(admin, people):
    create_team("acme-2", "Acme 2", owner=people.alice.user, actor=SYSTEM)
    pattern = admin.child(ten="/^acme/", dd=3)
    assert claims_of(pattern.issued(ten="acme-2,acme"))["ten"] == "acme-2,acme"
    refused(pattern.issue(ten="chaos"), 400)
    refused(pattern.issue(ten="/a/"), 400)


def test_the_depth_only_falls(client):
    assert claims_of(client.issued())["dd"] == 1
    deep = client.child(dd=3)
    assert claims_of(deep.issued())["dd"] == 2
    assert claims_of(deep.issued(dd=9))["dd"] == 2
    assert claims_of(deep.issued(dd=0))["dd"] == 0
    message = refused(client.child(dd=0).issue(), 400)
    assert "cannot be used to issue new webtask tokens" in message


def test_ancestors_are_named_from_the_first_on(client):
    child = client.child(dd=5)
    grandchild = child.child(dd=5)
    first, second, third = (claims_of(one.token) for one in (client, child, grandchild))
    assert third["ca"] == [first["jti"], second["jti"]]


def test_time_only_narrows(client):
    now = int(time.time())
    short = client.child(exp=now + 100, nbf=now - 100, dd=3)
    assert claims_of(short.issued()).items() >= {"exp": now + 100, "nbf": now - 100}.items()
    assert claims_of(short.issued(exp=now + 50))["exp"] == now + 50
    refused(short.issue(exp=now + 101), 400)
    refused(short.issue(nbf=now - 101), 400)


def test_rates_are_passed_on_and_those_of_the_token_may_be_less(client):
    bounded = client.child(ls=5, lts=2, dd=3)
    claims = claims_of(bounded.issued())
    assert claims["ls"] == 5
    assert claims["lts"] == 2
    assert claims_of(bounded.issued(lts=1))["lts"] == 1
    refused(bounded.issue(lts=3), 400)
    assert "lts" not in claims_of(bounded.issued(jtn="free", code="module.exports = cb => cb()"))
    assert claims_of(bounded.issued(ls=5))["ls"] == 5
    assert "overridden" in refused(bounded.issue(ls=6), 400)


def test_context_is_fixed_once_set(client):
    fixed = client.child(pctx={"a": "1"}, ectx={"k": "s3cret"}, dd=3)
    claims = claims_of(fixed.issued())
    assert claims["pctx"] == {"a": "1"}
    assert "s3cret" not in claims["ectx"]
    assert claims["ectx"].count(".") == 1
    refused(fixed.issue(pctx={"a": "2"}), 400)
    refused(fixed.issue(ectx={"k": "2"}), 400)


def test_who_fixes_the_code_fixes_it_for_all_that_follow(client):
    fixed = client.child(code=CODE, dd=3, pb=1)
    claims = claims_of(fixed.issued())
    assert (claims["url"], claims["pb"]) == (claims_of(fixed.token)["url"], 1)
    assert Token.objects.filter(code=CODE).count() == 1
    assert client.get("tokens/inspect", token=fixed.issued(), fetch_code="true").json()["code"] == CODE
    for other in ({"code": "x"}, {"url": "https://example.com/"}, {"jtn": "x", "code": "y"}, {"mb": 1}):
        refused(fixed.issue(ten="acme", **other), 400)


def test_how_bodies_are_read_is_kept_with_code_only(client):
    assert not {"pb", "mb"} & set(claims_of(client.issued(pb=1, mb=1)))


def test_names_only_narrow(client):
    named = client.child(jtnm=["a", "b"], dd=3)
    assert claims_of(named.issued(jtnm=["a"]))["jtnm"] == ["a"]
    assert claims_of(named.issued())["jtnm"] == ["a", "b"]
    refused(named.issue(jtnm=["c"]), 400)
    refused(named.issue(ten="acme", jtn="c", code=CODE), 400)
    named.issued(ten="acme", jtn="a", code=CODE)
    client.issued(ten="acme", jtn="other", code="secret of another")
    refused(named.issue(ten="acme", jtn="a", url="webtask://localhost/api/data/code/acme%2Fother"), 403)
    assert [one["name"] for one in named.get("webtask/acme").json()] == ["a"]
    refused(named.put("webtask/acme/c", {"code": CODE}), 403)


def test_only_an_administrator_chooses_the_id(client, admin):
    jti = "0123456789abcdef" * 2
    refused(client.issue(jti=jti), 400)
    assert claims_of(admin.issued(jti=jti, ten="acme"))["jti"] == jti
    refused(admin.issue(jti=jti), 409)


def test_a_chain_of_tokens_ends(client):
    last = client.child(dd=99)
    for _ in range(31):
        last = last.child(dd=99)
    assert len(claims_of(last.token)["ca"]) == 32
    assert "ancestors" in refused(last.issue(), 400)


# -- who may --------------------------------------------------------------------------------------------------


def test_a_stranger_issues_nothing(people):
    for token in ("", "rubbish", "a.b.c"):
        refused(Webtasks(token).issue(), 403)
    chaos = Webtasks.of(people.team).child(ten="acme")
    refused(chaos.issue(ten="chaos"), 400)


def test_a_revoked_ancestor_ends_all_that_follow(client):
    child = client.child(dd=5)
    grandchild = child.child(dd=5)
    assert client.call("post", "tokens/revoke", None, token=child.token).status_code == 200
    assert refused(grandchild.issue(), 403) == "token is revoked"
    client.issued()
