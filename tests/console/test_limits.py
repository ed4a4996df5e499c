"""Limits as owners set them: what holds where, within which bounds, and who hears of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.accounts.models import AuditEvent, Team
from console.problems import Invalid
from console.webtasks import deployments
from console.webtasks.egress import normal
from console.webtasks.models import Draft, Webtask
from executor.contract import Limits
from executor.egress.rules import Rules, normalize

LIMITS = "/api/teams/acme/limits"


@pytest.fixture
def team(alice, hello):
    """Sets limits of the team; None goes back to the default."""

    def team(**changes):
        return alice.client.patch(LIMITS, changes, content_type="application/json")

    return team


@pytest.fixture
def own(alice, hello):
    """Sets limits of the webtask."""

    def own(**changes):
        return alice.patch("/hello/limits", changes)

    return own


def deployed() -> Limits:
    return deployments.find("acme", "hello", "").limits


def row(answer, name):
    assert answer.status_code == 200, answer.content
    return next(row for row in answer.json()["limits"] if row["name"] == name)


def test_with_nothing_set_the_defaults_hold(alice, hello):
    assert deployed() == Limits()
    found = row(alice.get("/hello/limits"), "wall_ms")
    assert found["own"] is None
    assert found["value"] == found["inherited"] == found["default"] == Limits().wall_ms


def test_the_webtask_comes_before_its_team_and_the_team_before_the_default(team, own):
    team(wall_ms=20_000, cpu_ms=5_000)
    found = row(own(wall_ms=10_000), "wall_ms")
    assert (found["own"], found["inherited"], found["value"]) == (10_000, 20_000, 10_000)
    assert (deployed().wall_ms, deployed().cpu_ms) == (10_000, 5_000)


def test_null_goes_back(team, own):
    team(wall_ms=20_000)
    own(wall_ms=10_000)
    assert row(own(wall_ms=None), "wall_ms")["value"] == 20_000
    assert row(team(wall_ms=None), "wall_ms")["value"] == Limits().wall_ms
    assert (Webtask.objects.get().limits, Team.objects.get(slug="acme").limits) == ({}, {})


def test_what_is_not_named_stays(own):
    own(wall_ms=10_000, cpu_ms=5_000)
    own(cpu_ms=6_000)
    assert (deployed().wall_ms, deployed().cpu_ms) == (10_000, 6_000)


@pytest.mark.parametrize("value", [0, -1, 99, 300_001, 10**18, "x", 1.5, True, [], {}])
def test_a_value_out_of_bounds_is_refused_by_name_and_nothing_is_changed(own, value):
    answer = own(wall_ms=value, cpu_ms=5_000)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["wall_ms"]
    assert deployed() == Limits()


@pytest.mark.parametrize("name", ["threads", "nonsense", "__class__"])
def test_what_cannot_be_set_is_refused(team, name):
    answer = team(**{name: 1})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [name])


def test_what_bounds_all_of_a_teams_code_is_set_for_the_team_alone(team, own, alice):
    answer = own(team_rate=5)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["team_rate"])
    assert "whole team only" in answer.json()["detail"]
    assert row(team(team_rate=5), "team_rate")["value"] == 5
    assert deployed().team_rate == 5
    assert "team_rate" not in [found["name"] for found in alice.get("/hello/limits").json()["limits"]]


def test_a_ceiling_lowered_later_wins(own, settings):
    own(memory_bytes=256 << 20)
    lower = 64 << 20
    settings.CEILINGS = Limits(**{**_fields(settings.CEILINGS), "memory_bytes": lower})
    assert deployed().memory_bytes == lower


def test_a_name_of_another_release_does_no_harm(own, alice):
    Webtask.objects.update(limits={"gone_ms": 5, "wall_ms": 10_000})
    assert deployed().wall_ms == 10_000
    own(cpu_ms=5_000)
    assert set(Webtask.objects.get().limits) == {"wall_ms", "cpu_ms"}


def test_drafts_and_ad_hoc_code_have_them_too(alice, team, own):
    own(wall_ms=10_000)
    team(wall_ms=20_000)
    alice.save("hello", "drafted", base=1)
    webtask = Webtask.objects.get()
    assert deployments.of_draft(webtask, Draft.objects.get()).limits.wall_ms == 10_000
    from console.accounts.actions import issue_token
    from console.accounts.audit import SYSTEM

    token = issue_token(webtask.team, "t", actor=SYSTEM)
    assert deployments.of_token(token, Team.objects.get(slug="acme")).limits.wall_ms == 20_000


def test_the_size_of_code_is_bounded_by_them(alice, own):
    own(code_bytes=2_000)
    answer = alice.save("hello", "x" * 2_001, base=1)
    assert (answer.status_code, "2,000" in answer.json()["detail"]) == (413, True)
    assert alice.save("hello", "x" * 2_000, base=1).status_code == 200


def test_each_change_is_audited(team, own, alice):
    own(wall_ms=10_000)
    team(cpu_ms=20_000)
    team(cpu_ms=None)
    events = AuditEvent.objects.filter(action__endswith=".limit").order_by("id")
    assert [(event.action, event.object, event.detail) for event in events] == [
        ("webtask.limit", "hello", {"before": {}, "after": {"wall_ms": 10_000}}),
        ("team.limit", "acme", {"before": {}, "after": {"cpu_ms": 20_000}}),
        ("team.limit", "acme", {"before": {"cpu_ms": 20_000}, "after": {}}),
    ]


# -- where a webtask may connect to ---------------------------------------------------------------------------


@pytest.fixture
def allow(alice, hello):
    def allow(rules):
        return alice.put("/hello/egress/rules", {"rules": rules})

    return allow


def test_rules_are_kept_in_one_spelling_and_deployed(allow, alice):
    rules = ["API.example.com:0443", " *.Example.com:* ", "api.example.com:443", "[0:0::1]:5432", "*:25"]
    rules += ["93.184.216.34:80", "node1:80", "*.Bücher.example:443"]
    kept = ["api.example.com:443", "*.example.com:*", "[::1]:5432", "*:25"]
    kept += ["93.184.216.34:80", "node1:80", "*.xn--bcher-kva.example:443"]
    assert allow(rules).json() == {"rules": kept}
    assert deployments.find("acme", "hello", "").egress == tuple(kept)
    assert alice.get("/hello/egress/rules").json() == {"rules": kept}


def test_no_rule_closes_the_network_and_null_opens_it(allow):
    assert allow([]).json() == {"rules": []}
    assert deployments.find("acme", "hello", "").egress == ()
    allow(None)
    assert deployments.find("acme", "hello", "").egress is None


@pytest.mark.parametrize(
    "rule",
    ["2130706433:80", "127.1:80", "0x7f.0.0.1:80", "010.0.0.1:80", "1.2.3.4.5:80", "*.5:80", "*.:1", "example.com", "example.com:0", "example.com:65536", "example.com:٣", "a b:1", "*x.com:1", "x.*.com:1",
     "http://x.com:443", ":443", "-x.com:1", "[::1:443", "[nonsense]:1", "a" * 254 + ":1", "x..y:1"],
)  # fmt: skip
def test_what_is_no_rule_is_refused_with_the_reason(allow, rule):
    answer = allow(["fine.example.com:443", rule])
    assert answer.status_code == 400, answer.content
    assert rule[:100] in answer.json()["detail"]
    assert Webtask.objects.get().egress is None


@given(st.from_regex(r"\A(\*\.|\[)?[*a-c0-9x_:.-]{1,12}\]?:([0-9]{1,6}|\*)\Z"))
def test_a_rule_that_is_kept_is_one_that_the_executor_understands(rule):
    """One that it did not would close the network without a word."""
    try:
        (kept,) = normal([rule])
    except Invalid:
        return
    host, _, port = kept.rpartition(":")
    example = normalize(host.replace("*.", "any.").replace("*", "any.example"))
    assert example is not None
    assert Rules([kept]).allow(example, 443 if port == "*" else int(port))


@pytest.mark.parametrize("rules", [["x:1"] * 101, "x:1", [3], {"x": 1}])
def test_what_is_no_list_of_rules_is_refused(allow, rules):
    assert allow(rules).status_code == 400


def _fields(limits: Limits) -> dict[str, int]:
    from dataclasses import asdict

    return asdict(limits)
