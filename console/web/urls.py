from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path, re_path
from oauth2_provider.views.base import RevokeTokenView, TokenView

from console.web import errors, system, views
from console.web.authorize import AuthorizeView
from console.web.csp import REPORT_PATH
from console.web.reports import report
from executor.contract import TEAM_PATTERN

urlpatterns = [
    path("", views.landing, name="landing"),
    path(
        "signin",
        LoginView.as_view(template_name="web/signin.html", redirect_authenticated_user=True),
        name="signin",
    ),
    path("signout", LogoutView.as_view(), name="signout"),
    path("authorize", AuthorizeView.as_view(), name="authorize"),
    path("oauth/token", TokenView.as_view()),
    path("oauth/revoke", RevokeTokenView.as_view()),
    path("system/isolation", system.isolation, name="isolation"),
    path("t/<team:team>", views.dashboard, name="dashboard"),
    # No webtask's name begins with @.
    path("t/<team:team>/@settings", views.settings, name="settings"),
    path("t/<team:team>/<webtask:name>", views.workspace, name="workspace"),
    # As `wt edit` prints it, with the webtask's name behind a `#`.
    path("edit/<team:team>", views.edit, name="edit"),
    re_path(rf"^edit/(?:v1|v2|canary)/(?P<team>{TEAM_PATTERN})$", views.edit),
    path(REPORT_PATH.removeprefix("/"), report, name="csp"),
    re_path(r"", errors.not_found),
]
