"""On the way to a provider and back from it. Who comes back, console.accounts.providers makes out."""

import logging

from allauth.account.decorators import reauthentication_required
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from requests import RequestException

from console.accounts import ways
from console.problems import Absent

logger = logging.getLogger("console.web")


@never_cache
def begin(request: HttpRequest, provider: str) -> HttpResponse:
    """By a button only: a link elsewhere must not sign anybody in, or connect anything."""
    found = _named(request, provider)
    if request.method != "POST":
        return redirect("account_login")
    if request.POST.get("process") == AuthProcess.CONNECT:
        answer: HttpResponse = _begin_connecting(request, found)
        return answer
    return _begin(request, found)


@reauthentication_required(app="allauth.socialaccount")  # type: ignore[untyped-decorator]
def _begin_connecting(request: HttpRequest, provider: OAuth2Provider) -> HttpResponse:
    return _begin(request, provider)


def _begin(request: HttpRequest, provider: OAuth2Provider) -> HttpResponse:
    try:
        answer: HttpResponse = provider.redirect_from_request(request)
    except (RequestException, ValueError, KeyError) as error:
        # An OpenID provider is asked where its pages are.
        return _failed(request, provider, error)
    if answer.status_code != 302:
        return answer
    # Not a redirect: a browser holds all that follows a form against form-action, and nobody knows through which hosts
    # of its own a provider leads.
    return render(request, "web/account/leave.html", {"url": answer["Location"], "provider": provider})


@never_cache
def callback(request: HttpRequest, provider: str) -> HttpResponse:
    found = _named(request, provider)
    view = OAuth2CallbackView.adapter_view(found.get_oauth2_adapter(request))
    try:
        answer: HttpResponse = view(request)
    except (RequestException, ValueError, KeyError, TypeError, ImproperlyConfigured) as error:
        # It is away, or answered with something else than who that is.
        return _failed(request, found, error)
    return answer


def _named(request: HttpRequest, provider: str) -> OAuth2Provider:
    """Raises Absent."""
    if provider not in ways.configured():
        raise Absent(f"Nobody signs in by “{provider}” here.")
    try:
        return get_adapter().get_provider(request, provider)
    except SocialApp.DoesNotExist:
        raise Absent(f"Nobody signs in by “{provider}” here.") from None


def _failed(request: HttpRequest, provider: OAuth2Provider, error: Exception) -> HttpResponse:
    logger.warning("signing in by %s failed: %r", provider.sub_id, error)
    answer: HttpResponse = render_authentication_error(request, provider, exception=error)
    return answer
