from collections.abc import Callable, Mapping

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from console.accounts.needs import needs
from console.accounts.roles import Action
from console.api import module_serializers as serializers
from console.api.serializers import Problem
from console.api.views import View
from console.modules.access import access_install, dependencies_of, install_of
from console.modules.actions import add_module, ask, remove_module
from console.modules.models import Install
from console.modules.shapes import ModulesShape, install_shape, modules_shape, typings_shape
from console.modules.typings import etag_of, typings_of
from console.modules.wanted import MOST, check, required, wish
from console.webtasks.access import draft_of
from console.webtasks.deployments import limits_of
from console.webtasks.models import Webtask

Find = Callable[[Mapping[str, str]], Install | None]


class ModulesView(View):
    @needs(Action.CODE)
    @extend_schema(operation_id="list_modules", responses=serializers.Modules)
    def get(self, _request: Request, team: str, name: str) -> Response:
        """The packages of your draft: the webtask's own, those that the code names with a version, and everybody's."""
        return Response(self._shape(self.webtask(team, name), install_of, most=MOST))

    @needs(Action.EDIT)
    @extend_schema(
        operation_id="add_module",
        request=serializers.NewModule,
        responses={202: serializers.Modules, 400: Problem},
    )
    def post(self, _request: Request, team: str, name: str) -> Response:
        """Add a package, or change its version, for drafts and the next version. `install` tells how that goes on."""
        webtask = self.webtask(team, name)
        sent = self.sent(serializers.NewModule)
        add_module(webtask, sent["name"], sent["version"], actor=self.actor)
        most = limits_of(webtask).packages
        return Response(self._shape(webtask, ask, most=most), status=202)

    def _shape(self, webtask: Webtask, find: Find, *, most: int) -> ModulesShape:
        code = draft_of(webtask, self.user).text
        dependencies = dependencies_of(webtask)
        needed = wish(dependencies, code, most=most)
        return modules_shape(dependencies, required(code), find(needed) if needed else None)


class ModuleView(View):
    @needs(Action.EDIT)
    @extend_schema(operation_id="remove_module", responses={204: None})
    def delete(self, _request: Request, team: str, name: str, module: str) -> Response:
        """Take a package away from drafts and the next version; what is live keeps it."""
        webtask = self.webtask(team, name)
        remove_module(webtask, module, actor=self.actor)
        return Response(status=204)


class InstallView(View):
    @needs(Action.CODE)
    @extend_schema(operation_id="get_install", responses=serializers.Install)
    def get(self, _request: Request, team: str, name: str, run: str) -> Response:
        """How an installation goes on, with all that npm has said."""
        self.webtask(team, name)
        return Response(install_shape(access_install(run)))


class TypingsView(View):
    @needs(Action.CODE)
    @extend_schema(
        operation_id="get_typings",
        parameters=[serializers.TypingsQuery],
        responses={200: serializers.Typings, 304: None, 400: Problem},
    )
    def get(self, request: Request, team: str, name: str, module: str) -> Response:
        """The declarations of a package of your draft, for completions in an editor: 2 MiB at most, none if it has none."""
        webtask = self.webtask(team, name)
        version: str = self.asked(serializers.TypingsQuery)["version"]
        check(module, version or "latest")
        needed = wish(dependencies_of(webtask), draft_of(webtask, self.user).text, most=MOST)
        install = install_of(needed) if needed else None
        archive = install.archive if install else ""
        etag = etag_of(archive)
        headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
        if request.headers.get("If-None-Match") == etag:
            return Response(status=304, headers=headers)
        return Response(typings_shape(typings_of(module, version, archive)), headers=headers)
