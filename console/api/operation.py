"""How an operation is described: by drf-spectacular, and with what it needs."""

from drf_spectacular.openapi import AutoSchema

from console.accounts.needs import needs_of
from console.accounts.roles import Action


class Operation(AutoSchema):
    def get_auth(self) -> list[dict[str, list[str]]]:
        """As OpenAPI 3.1 has it, the role that a credential must give: an action of the one table."""
        asked = [need for need in needs_of(getattr(self.view, self.method.lower())) if not need.when]
        roles = [str(need.what) for need in asked if isinstance(need.what, Action)]
        return [dict.fromkeys(scheme, roles) for scheme in super().get_auth()]
