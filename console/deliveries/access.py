"""Reads of deliveries go through here: by a webtask that access_webtask returned, or by ticket."""

from django.db.models import QuerySet

from console.deliveries.models import Delivery
from console.problems import Absent
from console.webtasks.models import Webtask


def access_deliveries(webtask: Webtask) -> "QuerySet[Delivery]":
    """Of a webtask that access_webtask returned; newest first, without the requests' bodies."""
    return _deliveries().filter(webtask=webtask).order_by("-id")


def access_delivery(webtask: Webtask, ticket: str) -> Delivery:
    """Of a webtask that access_webtask returned. Raises Absent."""
    found = access_deliveries(webtask).filter(ticket=ticket).first()
    if found is None:
        raise Absent(f"The webtask “{webtask}” has no delivery {ticket}.")
    return found


def by_ticket(ticket: str) -> Delivery:
    """For whoever was given it: nobody can guess one. Raises Absent."""
    found = _deliveries().filter(ticket=ticket).first()
    if found is None:
        raise Absent("There is no such delivery, or none any more.")
    return found


def _deliveries() -> "QuerySet[Delivery]":
    return Delivery.objects.select_related("webtask__team").defer("body")
