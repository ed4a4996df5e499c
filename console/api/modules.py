from collections.abc import Callable, Mapping

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from console.accounts.roles import Action
from console.api import module_serializers as serializers
from console.api.serializers import Problem
from console.api.views import View
from console.modules.access import access_install, dependencies_of, install_of
from console.modules.actions import add_module, ask, remove_module
from console.modules.models import Install
from console.modules.shapes import ModulesShape, install_shape, modules_shape
from console.modules.wanted import required, wish
from console.webtasks.access import access_webtask, draft_of
from console.webtasks.models import Webtask

Find = Callable[[Mapping[str, str]], Install | None]


class ModulesView(View):
    @extend_schema(operation_id="list_modules", responses=serializers.Modules)
    def get(self, _request: Request, team: str, name: str) -> Response:
        """The packages of your draft: the webtask's own, those that the code names with a version, and everybody's."""
        return Response(self._shape(access_webtask(self.user, team, name, Action.VIEW), install_of))

    @extend_schema(
        operation_id="add_module",
        request=serializers.NewModule,
        responses={202: serializers.Modules, 400: Problem},
    )
    def post(self, _request: Request, team: str, name: str) -> Response:
        """Add a package, or change its version, for drafts and the next version. `install` tells how that goes on."""
        webtask = access_webtask(self.user, team, name, Action.EDIT)
        sent = self.sent(serializers.NewModule)
        add_module(webtask, sent["name"], sent["version"], actor=self.actor)
        return Response(self._shape(webtask, ask), status=202)

    def _shape(self, webtask: Webtask, find: Find) -> ModulesShape:
        code = draft_of(webtask, self.user).code
        dependencies = dependencies_of(webtask)
        needed = wish(dependencies, code)
        return modules_shape(dependencies, required(code), find(needed) if needed else None)


class ModuleView(View):
    @extend_schema(operation_id="remove_module", responses={204: None})
    def delete(self, _request: Request, team: str, name: str, module: str) -> Response:
        """Take a package away from drafts and the next version; what is live keeps it."""
        webtask = access_webtask(self.user, team, name, Action.EDIT)
        remove_module(webtask, module, actor=self.actor)
        return Response(status=204)


class InstallView(View):
    @extend_schema(operation_id="get_install", responses=serializers.Install)
    def get(self, _request: Request, team: str, name: str, run: str) -> Response:
        """How an installation goes on, with all that npm has said."""
        access_webtask(self.user, team, name, Action.VIEW)
        return Response(install_shape(access_install(run)))
