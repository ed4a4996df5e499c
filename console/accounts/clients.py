"""The published client as the OAuth library knows it: anybody may run it, so that it has no secret."""

from typing import Any

from oauth2_provider.models import get_application_model

from console.accounts.logins import CLIENT_ID


def register(**_: Any) -> None:
    """After migrations. The port of the address is any: clients pick a free one."""
    model = get_application_model()
    model.objects.update_or_create(
        client_id=CLIENT_ID,
        defaults={
            "name": "the webtask command line",
            "client_type": model.CLIENT_PUBLIC,
            "authorization_grant_type": model.GRANT_AUTHORIZATION_CODE,
            "redirect_uris": "http://127.0.0.1",
        },
    )
