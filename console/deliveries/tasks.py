from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from console.deliveries import remains, rounds
from console.deliveries.lanes import DELIVER, dispatch_due
from console.deliveries.models import Delivery
from console.deliveries.states import ENDED
from console.jobs.kinds import each_second, kind

each_second(dispatch_due)
# Its own count of attempts ends it; each time its worker dies is one.
kind(DELIVER, lease=rounds.lease, attempts=20)(rounds.deliver)

CHUNK = 500


@kind("deliveries.prune", every=timedelta(hours=1))
def prune_deliveries() -> None:
    """In small transactions: a writer waits for one of them at most."""
    remains.forget_credentials()
    before = timezone.now() - timedelta(days=settings.KEEP_DELIVERY_DAYS)
    old = Delivery.objects.filter(state__in=ENDED, finished_at__lt=before)
    while ids := list(old.values_list("pk", flat=True)[:CHUNK]):
        Delivery.objects.filter(pk__in=ids).delete()
