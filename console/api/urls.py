from django.urls import path, re_path

from console.api.drafts import DraftView, PublishView
from console.api.logs import LogsView
from console.api.problems import nothing_here
from console.api.runs import RunView
from console.api.schema import SchemaView
from console.api.versions import RestoreView, VersionsView, VersionView
from console.api.webtasks import WebtasksView, WebtaskView

_WEBTASK = "teams/<team:team>/webtasks/<webtask:name>"

urlpatterns = [
    path("schema", SchemaView.as_view()),
    path("teams/<team:team>/webtasks", WebtasksView.as_view()),
    path(_WEBTASK, WebtaskView.as_view()),
    path(f"{_WEBTASK}/draft", DraftView.as_view()),
    path(f"{_WEBTASK}/publish", PublishView.as_view()),
    path(f"{_WEBTASK}/run", RunView.as_view()),
    path(f"{_WEBTASK}/versions", VersionsView.as_view()),
    path(f"{_WEBTASK}/versions/<int:number>", VersionView.as_view()),
    path(f"{_WEBTASK}/versions/<int:number>/restore", RestoreView.as_view()),
    path(f"{_WEBTASK}/logs", LogsView.as_view()),
    re_path(r"", nothing_here),
]
