from django.urls import include, path, register_converter

from console.webtasks.names import TeamName, WebtaskName

# Before the includes, whose patterns use them.
register_converter(TeamName, "team")
register_converter(WebtaskName, "webtask")

urlpatterns = [
    path("api/", include("console.api.urls")),
    path("internal/", include("console.live.urls")),
    path("", include("console.web.urls")),
]
