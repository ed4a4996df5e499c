from typing import Any

from django.apps import AppConfig


class DeliveriesConfig(AppConfig):
    name = "console.deliveries"

    def ready(self) -> None:
        from console.accounts.signals import team_disbanded

        team_disbanded.connect(_drop_all, dispatch_uid="deliveries.team_disbanded")


def _drop_all(*, team: Any, **_: Any) -> None:
    """Of a deleted team none is made any more, and none can be read by its ticket."""
    from console.deliveries.models import Delivery  # models are not loaded when this module is

    Delivery.objects.filter(team=team).delete()
