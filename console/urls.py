from django.urls import include, path, register_converter

from console.webtasks.names import PinnedName, TeamName, WebtaskName

# Before the includes, whose patterns use them.
register_converter(TeamName, "team")
register_converter(WebtaskName, "webtask")
register_converter(PinnedName, "pinned")

urlpatterns = [
    path("api/", include("console.protocol.urls")),
    path("api/", include("console.api.urls")),
    path("internal/", include("console.live.urls")),
    path("", include("console.web.urls")),
]
handler400 = "console.web.errors.bad_request"
handler403 = "console.web.errors.forbidden"
handler404 = "console.web.errors.not_found"
# Of django-allauth.
handler429 = "console.web.errors.too_many"
handler500 = "console.web.errors.failed"
