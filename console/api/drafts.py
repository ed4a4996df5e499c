from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from console.accounts.needs import needs
from console.accounts.roles import Action
from console.api import draft_serializers, serializers
from console.api.versions import publication
from console.api.views import View
from console.modules.actions import prepare_draft
from console.problems import Invalid, PreconditionRequired
from console.webtasks.access import access_draft, access_drafts, draft_of
from console.webtasks.actions import discard_draft, publish, save_draft
from console.webtasks.company import draft_summary
from console.webtasks.content import Content
from console.webtasks.shapes import draft_shape

MOST_LISTED = 100
# Which draft a request is about: `If-Match` names its etag, `If-None-Match: *` says that none is saved.
SEEN = [
    OpenApiParameter("If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER),
    OpenApiParameter("If-None-Match", OpenApiTypes.STR, OpenApiParameter.HEADER),
]


class DraftView(View):
    @needs(Action.EDIT)
    @extend_schema(
        operation_id="save_draft",
        parameters=SEEN,
        request=serializers.DraftInput,
        responses={
            200: serializers.Draft,
            412: serializers.StaleProblem,
            413: serializers.Problem,
            428: serializers.Problem,
        },
    )
    def put(self, _request: Request, team: str, name: str) -> Response:
        """Save your draft. `If-Match` names the etag it replaces, `If-None-Match: *` says there is none yet."""
        webtask = self.webtask(team, name)
        sent = self.sent(serializers.DraftInput)
        files = sent["files"] if "files" in sent else draft_of(webtask, self.user).files
        content = Content(code=sent["code"], files=files)
        draft = save_draft(webtask, self.user, content, base=sent["base"], seen=self._seen())
        return Response(draft_shape(draft), headers={"ETag": f'"{draft.etag}"'})

    @needs(Action.EDIT)
    @extend_schema(
        operation_id="discard_draft",
        parameters=SEEN,
        responses={204: None, 412: serializers.StaleProblem, 428: serializers.Problem},
    )
    def delete(self, _request: Request, team: str, name: str) -> Response:
        """Throw your draft away and see the live code again. `If-Match` names its etag, `If-None-Match: *` says there is none."""
        webtask = self.webtask(team, name)
        discard_draft(webtask, self.user, seen=self._seen())
        return Response(status=204)

    def _seen(self) -> str:
        """The etag that the caller believes is current; "" for none."""
        match, none_match = self.request.headers.get("If-Match"), self.request.headers.get("If-None-Match")
        if match is None and none_match is None:
            raise PreconditionRequired(
                'Send If-Match: "<etag>", or If-None-Match: * when no draft is saved yet.'
            )
        if match is None:
            if none_match != "*":
                raise Invalid("The only If-None-Match understood here is *.")
            return ""
        if none_match is not None or len(match) < 2 or match[0] != '"' or match[-1] != '"':
            raise Invalid('Send one If-Match: "<etag>", with the quotes.')
        return match[1:-1]


class DraftsView(View):
    @needs(Action.CODE)
    @extend_schema(operation_id="list_drafts", responses=draft_serializers.DraftSummary(many=True))
    def get(self, _request: Request, team: str, name: str) -> Response:
        """Everybody's saved draft of the webtask, the newest first; your own is marked."""
        webtask = self.webtask(team, name)
        # One at a time: each may have a MiB.
        found = access_drafts(webtask)[:MOST_LISTED].iterator(chunk_size=1)
        return Response([draft_summary(draft, self.who) for draft in found])


class OthersDraftView(View):
    @needs(Action.CODE)
    @extend_schema(operation_id="get_draft", responses=draft_serializers.SavedDraft)
    def get(self, _request: Request, team: str, name: str, person: int) -> Response:
        """Somebody's saved draft, to be read: its code and files. The list of drafts says which there are."""
        draft = access_draft(self.webtask(team, name), person)
        return Response({**draft_summary(draft, self.who), "code": draft.code, "files": draft.files})


class PublishView(View):
    @needs(Action.PUBLISH)
    @extend_schema(
        operation_id="publish_draft",
        request=serializers.PublishInput,
        responses={
            201: serializers.Publication,
            409: serializers.OvertakenProblem,
            412: serializers.StaleProblem,
            422: serializers.Problem,
        },
    )
    def post(self, _request: Request, team: str, name: str) -> Response:
        """Make your saved draft the live version. Answers when the executors run it, or names those that have not said so.

        Packages that its code needs are installed first.
        """
        webtask = self.webtask(team, name)
        sent = self.sent(serializers.PublishInput)
        prepare_draft(webtask, self.user)
        published = publish(
            webtask,
            self.user,
            actor=self.actor,
            message=sent["message"],
            seen=sent["etag"],
            force=sent["force"],
        )
        return publication(published)
