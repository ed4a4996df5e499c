from django.urls import path, re_path

from console.live.calls import call
from console.live.internal import archive, deliveries, deployment, leave, nothing_here
from console.live.visitors import exchange, visitors

urlpatterns = [
    path("deployments/<str:team>/<str:webtask>", deployment),
    path("deliveries", deliveries),
    path("leave", leave),
    path("calls", call),
    path("visitors", visitors),
    path("passes", exchange),
    path("modules/<str:digest>", archive),
    re_path(r"", nothing_here),
]
