"""Where the OAuth library asks us."""

import hashlib
import json
from functools import partial
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from oauth2_provider.models import get_access_token_model, get_refresh_token_model
from oauth2_provider.oauth2_backends import OAuthLibCore
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import BaseScopes

from console.accounts import signals
from console.accounts.audit import Actor, record
from console.accounts.logins import is_scope, name_of
from console.accounts.models import User


class Scopes(BaseScopes):  # type: ignore[misc]
    """Teams come and go, and each is a scope: Validator knows them by their form."""

    def get_all_scopes(self) -> dict[str, str]:
        return _Any()

    def get_available_scopes(self, *_: Any, **__: Any) -> list[str]:
        return []

    def get_default_scopes(self, *_: Any, **__: Any) -> list[str]:
        return ["openid"]


class Validator(OAuth2Validator):  # type: ignore[misc]
    def validate_scopes(self, _client_id: str, scopes: list[str], *_: Any, **__: Any) -> bool:
        return all(map(is_scope, scopes))

    def revoke_token(self, token: str, token_type_hint: str, request: Any, *_: Any, **__: Any) -> None:
        digest = hashlib.sha256(token.encode()).hexdigest()
        kinds = (get_access_token_model(), get_refresh_token_model())
        rows = [
            kind.objects.filter(token_checksum=digest, application=request.client).first() for kind in kinds
        ]
        super().revoke_token(token, token_type_hint, request)
        for user in {row.user for row in rows if row}:
            transaction.on_commit(partial(signals.login_ended.send, User, name=name_of(user)))
            actor = Actor(user.email, user, str(request.headers.get("REMOTE_ADDR", ""))[:45])
            record(actor, "login.end", None, user, before={"client": request.client.client_id})

    def _create_refresh_token(self, request: Any, code: str, access_token: Any, previous: Any) -> Any:
        """Each is as old as the first of its line, none of which stays: a person shall see since when a client is signed in."""
        made = super()._create_refresh_token(request, code, access_token, previous)
        if previous:
            made.created = previous.created
            made.save(update_fields=["created"])
        return made


class Backend(OAuthLibCore):  # type: ignore[misc]
    """The published clients send JSON where the standard has a form."""

    def extract_body(self, request: HttpRequest) -> Any:
        if request.content_type != "application/json":
            return super().extract_body(request)
        try:
            sent = json.loads(request.body)
        except (ValueError, RecursionError):
            return []
        pairs = sent.items() if isinstance(sent, dict) else []
        return [(name, value) for name, value in pairs if isinstance(value, str)]


class _Any(dict[str, str]):
    def __missing__(self, scope: str) -> str:
        return scope
