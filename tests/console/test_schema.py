"""The OpenAPI document is what the API does."""

import pytest
from django.core.management import call_command

from console.accounts import shapes as accounts
from console.accounts.models import Team
from console.api import (
    audit_serializers,
    delivery_serializers,
    member_serializers,
    module_serializers,
    schedule_serializers,
    serializers,
    storage_serializers,
    system_serializers,
)
from console.deliveries import shapes as deliveries
from console.modules import shapes as modules
from console.schedules import shapes as schedules
from console.storage import shapes as storage
from console.webtasks import attacks, isolation, metrics, nodes, shapes
from console.webtasks.models import Invocation


def test_it_is_made_without_a_warning(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yaml"))


def test_it_is_served_to_anyone(client, db):
    schema = client.get("/api/schema").json()
    assert schema["openapi"].startswith("3.1")
    assert "/api/teams/{team}/webtasks/{name}/draft" in schema["paths"]


def test_every_failure_is_declared_as_a_problem(client, db):
    for path, operations in client.get("/api/schema").json()["paths"].items():
        for operation in operations.values():
            failures = {status: body for status, body in operation["responses"].items() if status >= "400"}
            assert path == "/api/schema" or {"400", "401", "403", "404"} <= set(failures)
            assert all(list(body["content"]) == ["application/problem+json"] for body in failures.values())


@pytest.mark.parametrize(
    ("shape", "declared"),
    [
        (shapes.VersionSummary, serializers.VersionSummary),
        (shapes.DraftShape, serializers.Draft),
        (shapes.WebtaskSummary, serializers.WebtaskSummary),
        (shapes.WebtaskShape, serializers.Webtask),
        (shapes.Line, serializers.LogLine),
        (shapes.CallShape, serializers.EgressCall),
        (shapes.LimitShape, serializers.Limit),
        (accounts.EventShape, audit_serializers.AuditEvent),
        (metrics.Figures, serializers.Figures),
        (metrics.MetricsShape, serializers.Metrics),
        (isolation.Layer, system_serializers.Layer),
        (isolation.Runtime, system_serializers.RuntimeCalls),
        (isolation.Report, system_serializers.Isolation),
        (nodes.ExecutorShape, system_serializers.Executor),
        (nodes.RunShape, system_serializers.AttackRun),
        (nodes.RunResultsShape, system_serializers.AttackResults),
        (nodes.EventShape, system_serializers.SecurityEvent),
        (modules.ModuleShape, module_serializers.Module),
        (modules.ModulesShape, module_serializers.Modules),
        (modules.InstallShape, module_serializers.Install),
        (schedules.ScheduleShape, schedule_serializers.Schedule),
        (schedules.FiringShape, schedule_serializers.Firing),
        (deliveries.DeliverySummary, delivery_serializers.DeliverySummary),
        (deliveries.DeliveryShape, delivery_serializers.Delivery),
        (shapes.SecretShape, storage_serializers.Secret),
        (storage.DocumentShape, storage_serializers.Document),
        (accounts.MemberShape, member_serializers.Member),
        (accounts.InvitationShape, member_serializers.Invitation),
        (attacks.Result, system_serializers.AttackResult),
    ],
)
def test_what_is_declared_is_what_is_sent(shape, declared):
    assert set(shape.__annotations__) == set(declared().fields)


def test_a_real_answer_fits_its_declaration(alice, hello):
    task = alice.get("/hello").json()
    assert set(task) == set(serializers.Webtask().fields)
    assert set(task["draft"]) == set(serializers.Draft().fields)
    assert set(task["live"]) == set(serializers.VersionSummary().fields)


def test_times_are_in_utc_with_milliseconds(people):
    from datetime import UTC, datetime

    moment = datetime(2026, 1, 2, 3, 4, 5, 678_901, UTC)
    invocation = Invocation(team=Team(slug="x"), invocation="i", ms=1.5, status=200, time=moment)
    assert shapes.invocation_shape(invocation)["time"] == "2026-01-02T03:04:05.678Z"
