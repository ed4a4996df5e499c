from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from console.accounts.needs import needs
from console.accounts.roles import Action
from console.api import storage_serializers as serializers
from console.api.views import View
from console.webtasks.access import access_secrets
from console.webtasks.actions import set_secrets
from console.webtasks.models import Webtask
from console.webtasks.shapes import SecretShape, secret_shape
from executor.redaction import is_redacted


class SecretsView(View):
    @needs(Action.CODE)
    @extend_schema(operation_id="list_secrets", responses=serializers.Secrets)
    def get(self, _request: Request, team: str, name: str) -> Response:
        """The names of the webtask's secrets and parameters. Values of secrets are for its code alone."""
        return Response(_names(self.webtask(team, name)))

    @needs(Action.SECRETS)
    @extend_schema(
        operation_id="set_secrets", request=serializers.SecretsInput, responses=serializers.SecretsSet
    )
    def patch(self, _request: Request, team: str, name: str) -> Response:
        """Set those named; null takes one away. Running workers are replaced by such as know them."""
        webtask = self.webtask(team, name)
        changes = self.sent(serializers.SecretsInput)["secrets"]
        set_secrets(webtask, changes, actor=self.actor)
        plain = sorted(name for name, value in changes.items() if not is_redacted(value))
        return Response({**_names(webtask), "unredacted": plain})


def _names(webtask: Webtask) -> dict[str, list[SecretShape] | list[str]]:
    # Those of a draft are the live version's (Content.of_draft).
    params = webtask.live.params if webtask.live else webtask.seed.get("params", {})
    return {
        "secrets": [secret_shape(secret) for secret in access_secrets(webtask)],
        "params": sorted(params),
    }
