from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from console.accounts.access import access_team
from console.accounts.models import Team
from console.accounts.needs import needs
from console.accounts.roles import Action
from console.api import draft_serializers as serializers
from console.api.serializers import Problem
from console.api.views import View
from console.modules.access import dependencies_of
from console.problems import Invalid, Unfit
from console.webtasks.access import access_draft, access_secrets, access_version, access_webtask
from console.webtasks.company import draft_summary
from console.webtasks.content import Content
from console.webtasks.fork import Origin, fork_webtask
from console.webtasks.models import Webtask
from console.webtasks.shapes import webtask_shape


class ForkView(View):
    @needs(Action.CODE)
    @needs(Action.CREATE, when="it is made, in the team that gets it")
    @extend_schema(
        operation_id="fork_webtask",
        request=serializers.ForkInput,
        responses={201: serializers.Fork, 409: Problem, 413: Problem},
    )
    def post(self, _request: Request, team: str, name: str) -> Response:
        """Make a webtask of your own from what is live here, from a version or from a draft. It starts as your draft.

        `left` names what its code may miss: secrets, which nobody is given, and for another team parameters and meta.
        """
        webtask = self.webtask(team, name)
        sent = self.sent(serializers.ForkInput)
        target = self._target(webtask, sent.get("team"))
        fork = fork_webtask(self._origin(webtask, sent), target, sent["name"], actor=self.actor)
        secrets = list(access_secrets(webtask).values_list("name", flat=True))
        shape = webtask_shape(fork.webtask, self.who)
        return Response({"webtask": shape, "left": {"secrets": secrets, **fork.left}}, status=201)

    def _target(self, webtask: Webtask, slug: str | None) -> Team:
        """Raises Absent, Forbidden."""
        if slug is None or slug == webtask.team.slug:
            return access_webtask(self.who, webtask.team.slug, webtask.name, Action.CREATE).team
        return access_team(self.who, slug, Action.CREATE)

    def _origin(self, webtask: Webtask, sent: dict[str, Any]) -> Origin:
        """Raises Absent, Invalid, Unfit."""
        if "version" in sent and "draft" in sent:
            raise Invalid("Name a version or a draft, not both.", field="version")
        if "draft" in sent:
            draft = access_draft(webtask, sent["draft"])
            content = Content.of_draft(draft, webtask.live).listing(dependencies_of(webtask))
            whose = draft_summary(draft, self.who)["person"]["name"]
            return Origin(webtask=webtask, content=content, what=f"the draft of {whose}")
        if "version" in sent:
            version = access_version(webtask, sent["version"])
        elif webtask.live is None:
            raise Unfit(f"Nothing of “{webtask}” is published yet. Name the draft that you want.")
        else:
            version = webtask.live
        return Origin(webtask=webtask, content=Content.of(version), what=f"v{version.number}")
