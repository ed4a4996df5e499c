from django.urls import path, re_path

from console.api.deliveries import DeliveriesView, DeliveryView, ReplayView, TicketView
from console.api.drafts import DraftView, PublishView
from console.api.egress import EgressRulesView, EgressView
from console.api.limits import TeamLimitsView, WebtaskLimitsView
from console.api.logs import LogsView
from console.api.metrics import MetricsView
from console.api.modules import InstallView, ModulesView, ModuleView
from console.api.problems import nothing_here
from console.api.runs import RunView
from console.api.schedules import HistoryView, SchedulesView, ScheduleView
from console.api.schema import SchemaView
from console.api.secrets import SecretsView
from console.api.storage import StorageView
from console.api.system import AttacksView, ExecutorsView, InspectView, SecurityEventsView
from console.api.versions import RestoreView, VersionsView, VersionView
from console.api.webtasks import WebtasksView, WebtaskView

_WEBTASK = "teams/<team:team>/webtasks/<webtask:name>"

urlpatterns = [
    path("schema", SchemaView.as_view()),
    path("system/executors", ExecutorsView.as_view()),
    path("system/executors/<int:number>/inspect", InspectView.as_view()),
    path("system/executors/<int:number>/attacks", AttacksView.as_view()),
    path("system/events", SecurityEventsView.as_view()),
    path("teams/<team:team>/limits", TeamLimitsView.as_view()),
    path("teams/<team:team>/webtasks", WebtasksView.as_view()),
    path(_WEBTASK, WebtaskView.as_view()),
    path(f"{_WEBTASK}/draft", DraftView.as_view()),
    path(f"{_WEBTASK}/publish", PublishView.as_view()),
    path(f"{_WEBTASK}/run", RunView.as_view()),
    path(f"{_WEBTASK}/versions", VersionsView.as_view()),
    path(f"{_WEBTASK}/versions/<int:number>", VersionView.as_view()),
    path(f"{_WEBTASK}/versions/<int:number>/restore", RestoreView.as_view()),
    path(f"{_WEBTASK}/logs", LogsView.as_view()),
    path(f"{_WEBTASK}/metrics", MetricsView.as_view()),
    path(f"{_WEBTASK}/limits", WebtaskLimitsView.as_view()),
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
    re_path(r"", nothing_here),
]
