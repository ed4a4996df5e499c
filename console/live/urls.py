from django.urls import path, re_path

from console.live.calls import call
from console.live.internal import deliveries, deployment, leave, nothing_here

urlpatterns = [
    path("deployments/<str:team>/<str:webtask>", deployment),
    path("deliveries", deliveries),
    path("leave", leave),
    path("calls", call),
    re_path(r"", nothing_here),
]
