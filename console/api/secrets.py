from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from console.accounts.roles import Action
from console.api import storage_serializers as serializers
from console.api.views import View
from console.webtasks.access import access_secrets, access_webtask
from console.webtasks.actions import set_secrets
from console.webtasks.models import Webtask
from console.webtasks.shapes import secret_shape


class SecretsView(View):
    @extend_schema(operation_id="list_secrets", responses=serializers.Secrets)
    def get(self, _request: Request, team: str, name: str) -> Response:
        """The names of the webtask's secrets. Their values are for its code alone."""
        return _names(access_webtask(self.user, team, name, Action.VIEW))

    @extend_schema(
        operation_id="set_secrets", request=serializers.SecretsInput, responses=serializers.Secrets
    )
    def patch(self, _request: Request, team: str, name: str) -> Response:
        """Set those named; null takes one away. Running workers are replaced by such as know them."""
        webtask = access_webtask(self.user, team, name, Action.SECRETS)
        set_secrets(webtask, self.sent(serializers.SecretsInput)["secrets"], actor=self.actor)
        return _names(webtask)


def _names(webtask: Webtask) -> Response:
    return Response({"secrets": [secret_shape(secret) for secret in access_secrets(webtask)]})
