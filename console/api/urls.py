from django.urls import path, re_path

from console.accounts.needs import Beyond, needs
from console.api.audit import AuditExportView, AuditView
from console.api.changes import ChangesView
from console.api.collaborators import CollaboratorsView, CollaboratorView, SharedView
from console.api.deliveries import DeliveriesView, DeliveryView, ReplayView, TicketView
from console.api.drafts import DraftsView, DraftView, OthersDraftView, PublishView
from console.api.egress import EgressRulesView, EgressView
from console.api.forks import ForkView
from console.api.guards import GuardView, PauseView, ResumeView
from console.api.invitations import AcceptView, InvitationsView, InvitationView
from console.api.limits import TeamLimitsView, WebtaskLimitsView
from console.api.logs import LogsView
from console.api.members import MembersView, MemberView
from console.api.metrics import MetricsView
from console.api.modules import InstallView, ModulesView, ModuleView, TypingsView
from console.api.problems import nothing_here
from console.api.runs import RunView
from console.api.schedules import HistoryView, SchedulesView, ScheduleView
from console.api.schema import SchemaView
from console.api.secrets import SecretsView
from console.api.share_pages import SharePageView
from console.api.storage import StorageView
from console.api.system import AttacksView, ExecutorsView, InspectView, SecurityEventsView
from console.api.teams import ExportView, LeaveView, TeamsView, TeamView, TransferView
from console.api.tokens import TokensView, TokenView
from console.api.versions import RestoreView, VersionsView, VersionView
from console.api.webtasks import WebtasksView, WebtaskView

_WEBTASK = "teams/<team:team>/webtasks/<webtask:name>"

urlpatterns = [
    path("schema", needs(Beyond.ANYONE)(SchemaView.as_view())),
    path("system/executors", ExecutorsView.as_view()),
    path("system/executors/<int:number>/inspect", InspectView.as_view()),
    path("system/executors/<int:number>/attacks", AttacksView.as_view()),
    path("system/events", SecurityEventsView.as_view()),
    path("shared", SharedView.as_view()),
    path("teams", TeamsView.as_view()),
    path("teams/<team:team>", TeamView.as_view()),
    path("teams/<team:team>/leave", LeaveView.as_view()),
    path("teams/<team:team>/transfer", TransferView.as_view()),
    path("teams/<team:team>/export", ExportView.as_view()),
    path("invitations/accept", AcceptView.as_view()),
    path("teams/<team:team>/members", MembersView.as_view()),
    path("teams/<team:team>/members/<int:number>", MemberView.as_view()),
    path("teams/<team:team>/invitations", InvitationsView.as_view()),
    path("teams/<team:team>/invitations/<int:number>", InvitationView.as_view()),
    path("teams/<team:team>/tokens", TokensView.as_view()),
    path("teams/<team:team>/tokens/<str:jti>", TokenView.as_view()),
    path("teams/<team:team>/audit", AuditView.as_view()),
    path("teams/<team:team>/audit/export", AuditExportView.as_view()),
    path("teams/<team:team>/limits", TeamLimitsView.as_view()),
    path("teams/<team:team>/webtasks", WebtasksView.as_view()),
    path(_WEBTASK, WebtaskView.as_view()),
    path(f"{_WEBTASK}/draft", DraftView.as_view()),
    path(f"{_WEBTASK}/drafts", DraftsView.as_view()),
    path(f"{_WEBTASK}/drafts/<int:person>", OthersDraftView.as_view()),
    path(f"{_WEBTASK}/fork", ForkView.as_view()),
    path(f"{_WEBTASK}/publish", PublishView.as_view()),
    path(f"{_WEBTASK}/run", RunView.as_view()),
    path(f"{_WEBTASK}/changes", ChangesView.as_view()),
    path(f"{_WEBTASK}/versions", VersionsView.as_view()),
    path(f"{_WEBTASK}/versions/<int:number>", VersionView.as_view()),
    path(f"{_WEBTASK}/versions/<int:number>/restore", RestoreView.as_view()),
    path(f"{_WEBTASK}/logs", LogsView.as_view()),
    path(f"{_WEBTASK}/metrics", MetricsView.as_view()),
    path(f"{_WEBTASK}/limits", WebtaskLimitsView.as_view()),
    path(f"{_WEBTASK}/collaborators", CollaboratorsView.as_view()),
    path(f"{_WEBTASK}/collaborators/<int:number>", CollaboratorView.as_view()),
    path(f"{_WEBTASK}/share-page", SharePageView.as_view()),
    path(f"{_WEBTASK}/guard", GuardView.as_view()),
    path(f"{_WEBTASK}/pause", PauseView.as_view()),
    path(f"{_WEBTASK}/resume", ResumeView.as_view()),
    path(f"{_WEBTASK}/egress", EgressView.as_view()),
    path(f"{_WEBTASK}/egress/rules", EgressRulesView.as_view()),
    path(f"{_WEBTASK}/secrets", SecretsView.as_view()),
    path(f"{_WEBTASK}/storage", StorageView.as_view()),
    path(f"{_WEBTASK}/schedules", SchedulesView.as_view()),
    path(f"{_WEBTASK}/schedules/<webtask:schedule>", ScheduleView.as_view()),
    path(f"{_WEBTASK}/schedules/<webtask:schedule>/history", HistoryView.as_view()),
    path(f"{_WEBTASK}/deliveries", DeliveriesView.as_view()),
    path(f"{_WEBTASK}/deliveries/<str:ticket>", DeliveryView.as_view()),
    path(f"{_WEBTASK}/deliveries/<str:ticket>/replay", ReplayView.as_view()),
    path("deliveries/<str:ticket>", TicketView.as_view()),
    path(f"{_WEBTASK}/modules", ModulesView.as_view()),
    path(f"{_WEBTASK}/modules/installs/<str:run>", InstallView.as_view()),
    path(f"{_WEBTASK}/modules/<path:module>", ModuleView.as_view()),
    path(f"{_WEBTASK}/typings/<path:module>", TypingsView.as_view()),
    re_path(r"", nothing_here),
]
