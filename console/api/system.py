"""The nodes, for the staff of the installation."""

import secrets

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from console.accounts.access import require_staff
from console.accounts.needs import Beyond, needs
from console.api import serializers, system_serializers
from console.api.views import View
from console.webtasks import attacks, nodes
from console.webtasks.access import access_executor, access_executors
from console.webtasks.events import order


class ExecutorsView(View):
    @needs(Beyond.STAFF)
    @extend_schema(operation_id="list_executors", responses=system_serializers.Executor(many=True))
    def get(self, _request: Request) -> Response:
        """Every executor with the walls it last reported."""
        found, listening = access_executors(self.who), nodes.listening()
        return Response([nodes.executor_shape(executor, listening) for executor in found])


class InspectView(View):
    @needs(Beyond.STAFF)
    @extend_schema(
        operation_id="inspect_executor", request=None, responses={202: None, 502: serializers.Problem}
    )
    def post(self, _request: Request, number: int) -> Response:
        """Ask it to probe its walls again; the executor's `probed_at` changes when it has."""
        executor = access_executor(self.who, number)
        attacks.require_link(executor)
        order(executor.name, {"t": "inspect", "run": secrets.token_hex(8)})
        return Response(status=202)


class AttacksView(View):
    @needs(Beyond.STAFF)
    @extend_schema(operation_id="get_attacks", responses=system_serializers.AttackResults)
    def get(self, _request: Request, number: int) -> Response:
        """The newest run of the attack suite on it."""
        return Response(nodes.run_results_shape(attacks.newest(access_executor(self.who, number))))

    @needs(Beyond.STAFF)
    @extend_schema(
        operation_id="attack_executor",
        request=None,
        responses={202: system_serializers.AttackRun, 409: serializers.Problem, 502: serializers.Problem},
    )
    def post(self, _request: Request, number: int) -> Response:
        """Run the attack suite on a worker of its own; one run at a time on each executor."""
        run = attacks.start(access_executor(self.who, number), actor=self.actor)
        return Response(nodes.run_shape(run), status=202)


class SecurityEventsView(View):
    @needs(Beyond.STAFF)
    @extend_schema(
        operation_id="list_security_events",
        parameters=[serializers.VersionQuery],
        responses=system_serializers.SecurityEvent(many=True),
    )
    def get(self, _request: Request) -> Response:
        """What only an attack does, newest first; pass the last id as `before` for more."""
        require_staff(self.who)
        asked = self.asked(serializers.VersionQuery)
        found = nodes.events_before(asked.get("before"), asked["limit"])
        return Response([nodes.event_shape(event) for event in found])
