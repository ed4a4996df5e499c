from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from console.accounts.needs import needs
from console.accounts.roles import Action
from console.api import guard_serializers as serializers
from console.api.views import View
from console.webtasks.guards import Plan, pause, set_guard
from console.webtasks.shapes import confirmed_shape, guard_shape


class GuardView(View):
    @needs(Action.CODE)
    @extend_schema(operation_id="get_guard", responses=serializers.Guard)
    def get(self, _request: Request, team: str, name: str) -> Response:
        """Who may call the webtask by its URL."""
        return Response(guard_shape(self.webtask(team, name)))

    @needs(Action.GUARD)
    @extend_schema(operation_id="set_guard", request=serializers.GuardInput, responses=serializers.GuardSet)
    def put(self, _request: Request, team: str, name: str) -> Response:
        """Let everybody call it, only who may run it, or only what a sender of webhooks has signed."""
        webtask = self.webtask(team, name)
        sent = self.sent(serializers.GuardInput)
        plan = Plan(
            kind=sent["kind"],
            secrets=tuple(sent["secrets"]),
            tolerance=sent["tolerance"],
            pinned=sent.get("pinned", webtask.pinned),
        )
        change = set_guard(webtask, plan, actor=self.actor)
        webtask.refresh_from_db(fields=["guard", "guard_secrets", "guard_tolerance", "pinned"])
        return Response({**guard_shape(webtask), **confirmed_shape(change)})


class PauseView(View):
    paused = True

    @needs(Action.PAUSE)
    @extend_schema(operation_id="pause_webtask", request=None, responses=serializers.Pause)
    def post(self, _request: Request, team: str, name: str) -> Response:
        """Its URL answers 503, its schedules skip, deliveries wait; what runs now runs to its end."""
        return self._set(team, name)

    def _set(self, team: str, name: str) -> Response:
        webtask = self.webtask(team, name)
        change = pause(webtask, paused=self.paused, actor=self.actor)
        return Response({"paused": self.paused, **confirmed_shape(change)})


class ResumeView(PauseView):
    paused = False

    @needs(Action.PAUSE)
    @extend_schema(operation_id="resume_webtask", request=None, responses=serializers.Pause)
    def post(self, _request: Request, team: str, name: str) -> Response:
        """It can be called again, at once."""
        return self._set(team, name)
