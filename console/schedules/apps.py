from typing import Any

from django.apps import AppConfig


class SchedulesConfig(AppConfig):
    name = "console.schedules"

    def ready(self) -> None:
        from console.accounts.signals import team_disbanded

        team_disbanded.connect(_end_all, dispatch_uid="schedules.team_disbanded")


def _end_all(*, team: Any, **_: Any) -> None:
    """Of a deleted team nothing comes due, not even until its rows are swept."""
    from console.schedules.models import Schedule  # models are not loaded when this module is

    Schedule.objects.filter(team=team).delete()
