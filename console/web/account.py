"""A person's own pages: their name, how pages look to them, where they are signed in, and the end of it."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.views import ConfirmEmailVerificationCodeView
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from allauth.usersessions.views import ListUserSessionsView
from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from console.accounts import closing, people, ways
from console.accounts.audit import Actor
from console.accounts.logins import logins_of
from console.accounts.models import User
from console.problems import Problem
from console.web.templatetags.page import THEME_COOKIE, THEMES, theme

YEAR = 365 * 24 * 3600


class Profile(forms.Form):
    name = forms.CharField(max_length=100, required=False)
    theme = forms.ChoiceField(choices=[("system", "as the system"), *((name, name) for name in THEMES)])


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    if request.method != "POST":
        shown = Profile(initial={"name": user.name, "theme": theme(request)})
        return render(request, "web/account/profile.html", {"form": shown})
    form = Profile(request.POST)
    if not form.is_valid():
        return render(request, "web/account/profile.html", {"form": form}, status=400)
    if form.cleaned_data["name"] != user.name:
        people.rename(user, form.cleaned_data["name"], actor=Actor.of(request))
    messages.success(request, "Saved.")
    answer = redirect("account")
    # Not HttpOnly: the switch in the page's head changes it too.
    answer.set_cookie(THEME_COOKIE, form.cleaned_data["theme"], max_age=YEAR, samesite="Lax")
    return answer


class EndSessions(forms.Form):
    """One of the others, one client's login, or all of both."""

    session = forms.IntegerField(required=False)
    login = forms.IntegerField(required=False)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def save(self, request: HttpRequest) -> None:
        if self.cleaned_data["login"] is None:
            people.end_sessions(request, self.cleaned_data["session"])
        elif isinstance(request.user, User):
            people.end_logins(request.user, self.cleaned_data["login"], actor=Actor.of(request))


class SessionsView(ListUserSessionsView):  # type: ignore[misc]
    form_class = EndSessions

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "logins": logins_of(self.request.user)}


class ProveView(ConfirmEmailVerificationCodeView):  # type: ignore[misc]
    """Here one may be in a hurry, or wrong: a word at the form, not a page of its own."""

    def _resend_form_valid(self, form: Any) -> HttpResponseBase:
        try:
            answer: HttpResponseBase = super()._resend_form_valid(form)
        except ImmediateHttpResponse:
            messages.error(self.request, "Letters have just left. Wait a little before you ask for another.")
            return redirect("account_email_verification_sent")
        return answer

    def _verify_form_invalid(self, form: Any) -> HttpResponseBase:
        if self._process.record_invalid_attempt():
            answer: HttpResponseBase = self.render_to_response(self.get_context_data(form=form))
            return answer
        back = "account_email" if self.request.user.is_authenticated else "account_login"
        messages.error(self.request, "Three wrong codes. Have another one sent: that one is no longer good.")
        return redirect(back)


class RemovePasskey(RemoveWebAuthnView):  # type: ignore[misc]
    """Not the last way in."""

    object: Authenticator

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "last": ways.is_last(self.object)}

    def form_valid(self, form: Any) -> HttpResponseBase:
        if ways.is_last(self.object):
            refused: HttpResponseBase = self.render_to_response(self.get_context_data(form=form), status=409)
            return refused
        answer: HttpResponseBase = super().form_valid(form)
        return answer


class Close(forms.Form):
    email = forms.CharField(max_length=254)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user

    def clean_email(self) -> str:
        typed: str = self.cleaned_data["email"].strip().lower()
        if typed != self._user.email:
            raise forms.ValidationError(f"That is not the address of this account. Type {self._user.email}.")
        return typed


@login_required
@reauthentication_required(app="console.accounts")  # type: ignore[untyped-decorator]
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    form = Close(request.POST or None, user=user)
    status = 200 if request.method != "POST" else 400
    if request.method == "POST" and form.is_valid():
        try:
            closing.close(user, actor=Actor.of(request))
        except Problem as problem:
            form.add_error(None, problem.detail)
            status = problem.status
        else:
            logout(request)
            return render(request, "web/account/closed.html")
    context = {"form": form, "alone": closing.owned_alone(user)}
    return render(request, "web/account/close.html", context, status=status)
