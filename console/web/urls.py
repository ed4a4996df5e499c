from django.urls import include, path, re_path
from oauth2_provider.views.base import RevokeTokenView, TokenView

from console.accounts.needs import Beyond, needs
from console.web import (
    bulk,
    dashboard,
    editor,
    errors,
    gallery,
    guests,
    join,
    landing,
    members,
    share,
    system,
    team,
    tokens,
    views,
)
from console.web.account_urls import for_accounts, whole
from console.web.audit import audit
from console.web.authorize import AuthorizeView
from console.web.csp import REPORT_PATH
from console.web.enter import enter
from console.web.reports import report

urlpatterns = [
    path("", views.landing, name="landing"),
    path("", include("console.web.account_urls")),
    path("run", landing.show, name="show"),
    path("new", guests.new, name="new"),
    path("templates", gallery.gallery, name="templates"),
    path("templates/<slug:name>", gallery.template, name="template"),
    path("keep", guests.keep, name="keep"),
    path("keep/in-account", guests.keep_in_account, name="keep_in_account"),
    path("authorize", needs(Beyond.SELF)(for_accounts(AuthorizeView.as_view())), name="authorize"),
    path("oauth/token", needs(Beyond.ANYONE)(whole(TokenView.as_view()))),
    path("oauth/revoke", needs(Beyond.ANYONE)(whole(RevokeTokenView.as_view()))),
    path("system/isolation", system.isolation, name="isolation"),
    path("teams/new", team.new, name="new_team"),
    path("enter/<team:team>/<pinned:name>", enter, name="enter"),
    path("t/<team:team>", dashboard.dashboard, name="dashboard"),
    # No webtask's name begins with @.
    path("t/<team:team>/@webtasks/pause", bulk.pause, name="pause_webtasks"),
    path("t/<team:team>/@webtasks/resume", bulk.resume, name="resume_webtasks"),
    path("t/<team:team>/@webtasks/delete", bulk.delete, name="delete_webtasks"),
    path("t/<team:team>/@settings", team.settings, name="settings"),
    path("t/<team:team>/@leave", team.leave, name="leave_team"),
    path("t/<team:team>/@transfer", team.transfer, name="transfer_team"),
    path("t/<team:team>/@delete", team.delete, name="delete_team"),
    path("t/<team:team>/@members", members.members, name="members"),
    path("t/<team:team>/@members/invite", members.invite_somebody, name="invite"),
    path("t/<team:team>/@members/<int:number>", members.change, name="change_member"),
    path("t/<team:team>/@members/<int:number>/remove", members.remove, name="remove_member"),
    path("t/<team:team>/@invitations/<int:number>/revoke", members.take_back, name="revoke_invitation"),
    path("s/<str:key>", share.share, name="share"),
    path("s/<str:key>/raw", share.raw, name="share_raw"),
    path("s/<str:key>/raw/<path:path>", share.raw, name="share_raw_file"),
    path("s/<str:key>/run", share.run, name="share_run"),
    path("s/<str:key>/fork", share.fork, name="share_fork"),
    path("join", join.join_team, name="join_team"),
    path("join/<str:secret>", join.join, name="join"),
    path("t/<team:team>/@audit", audit, name="audit"),
    path("t/<team:team>/@tokens", tokens.tokens, name="tokens"),
    path("t/<team:team>/@tokens/<str:jti>/revoke", tokens.revoke, name="revoke_token"),
    path("t/<team:team>/<webtask:name>", views.workspace, name="workspace"),
    # As `wt edit` prints it, with the webtask's name and a token behind a `#`.
    path("edit/<team:team>", editor.edit, name="edit"),
    path("edit/v1/<team:team>", editor.edit),
    path("edit/v2/<team:team>", editor.edit),
    path("edit/canary/<team:team>", editor.edit),
    path(REPORT_PATH.removeprefix("/"), report, name="csp"),
    re_path(r"", errors.not_found),
]
