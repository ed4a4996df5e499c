"""The page on which a person lets a published client act for them."""

from typing import Any

from django.db import transaction
from django.http import HttpResponseBase
from oauth2_provider.views.base import AuthorizationView
from oauthlib.oauth2 import InvalidRequestError

from console.accounts.logins import ADMIN, granted, teams_of
from console.accounts.people import allow_login
from console.web.csp import let_forms_lead_to


class AuthorizeView(AuthorizationView):  # type: ignore[misc]
    """Always asks, and grants no more than the person has, whatever the client or the form says."""

    template_name = "web/authorize.html"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # The client waits for its answer on a port of this machine, which is where the form's answer redirects to.
        let_forms_lead_to(request, "http://127.0.0.1:*")
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
