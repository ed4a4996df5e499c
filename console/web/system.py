"""System: the pages about the nodes, for the staff of the installation."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from console.accounts.needs import Beyond, needs
from console.accounts.principals import Person
from console.webtasks import nodes
from console.webtasks.access import access_executors


@needs(Beyond.STAFF)
@login_required
@never_cache
@require_safe
def isolation(request: HttpRequest) -> HttpResponse:
    executors, listening = access_executors(Person(request.user)), nodes.listening()
    boot = {
        "csrf": get_token(request),
        "executors": [nodes.executor_shape(executor, listening) for executor in executors],
        "runs": [nodes.run_results_shape(run) for run in nodes.last_runs()],
        "events": [nodes.event_shape(event) for event in nodes.events_before(None, nodes.EVENTS)],
        "api": "/api/system",
    }
    return render(request, "web/isolation.html", {"boot": boot})
