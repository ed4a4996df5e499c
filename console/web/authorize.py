"""The page on which a person lets a published client act for them."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import urlencode
from oauth2_provider.views.base import AuthorizationView
from oauthlib.oauth2 import InvalidRequestError

from console.accounts.logins import ADMIN, granted, teams_of
from console.accounts.people import allow_login
from console.web.csp import let_forms_lead_to


class AuthorizeView(AuthorizationView):  # type: ignore[misc]
    """Always asks, whoever has shown lately who they are; grants no more than the person has, whatever the client or the form
    says."""

    template_name = "web/authorize.html"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # The client waits for its answer on a port of this machine, which is where the form's answer redirects to.
        let_forms_lead_to(request, "http://127.0.0.1:*")
        if request.user.is_authenticated and not _showed_lately(request):
            # Back to the page, also from its form: a client's port is no place for the form that asks who one is.
            confirm = get_adapter().get_reauthentication_methods(request.user)[0]["url"]
            return redirect(f"{confirm}?{urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})}")
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        answer["Cache-Control"] = "no-store"
        return answer

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.GET.get("code_challenge") or request.GET.get("code_challenge_method") != "S256":
            error = InvalidRequestError("the client must send a code_challenge made with S256")
            refused: HttpResponseBase = self.render_to_response({"error": error}, status=400)
            return refused
        # The library would let a link say that the person need not be asked again.
        request.GET = request.GET.copy()
        request.GET.pop("approval_prompt", None)
        answer: HttpResponseBase = super().get(request, *args, **kwargs)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        scopes = granted(self.request.user, kwargs.get("scopes", []))
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "granted_teams": teams_of(scopes), "granted_admin": ADMIN in scopes}

    def form_valid(self, form: Any) -> HttpResponseBase:
        scopes = granted(self.request.user, form.cleaned_data["scope"].split())
        form.cleaned_data["scope"] = " ".join(scopes)
        if not teams_of(scopes) and ADMIN not in scopes:
            form.cleaned_data["allow"] = False
        with transaction.atomic():
            answer: HttpResponseBase = super().form_valid(form)
            if form.cleaned_data["allow"] and "code=" in answer.get("Location", ""):
                allow_login(self.request, self.request.user, form.cleaned_data["client_id"], scopes=scopes)
        return answer


def _showed_lately(request: HttpRequest) -> bool:
    """Who the person is, by signing in or once more: an open session alone must not be turned into a login that outlasts it.

    For whoever has nothing to show but a provider's word, the session must do, as elsewhere.
    """
    since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
    shown = [record["at"] for record in get_authentication_records(request, request.user)]
    return max(shown, default=0) > since or not is_reauthentication_required(request, app="console.accounts")
