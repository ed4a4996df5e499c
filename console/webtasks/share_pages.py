"""A link by which everybody sees the live code of one webtask: made, taken back, looked up. Off unless somebody makes it.

The key is kept as it is: it opens nothing but the code, which stands in the same database for whoever reads that.
"""

import secrets

from django.conf import settings
from django.db import transaction

from console.accounts.audit import Actor, record
from console.problems import Absent
from console.webtasks.models import Webtask
from console.webtasks.steps import lock

PREFIX = "/s/"
# 128 bits, as 22 characters.
_BYTES = 16


def make_link(webtask: Webtask, *, actor: Actor) -> str:
    """In place of the one there was, which leads nowhere from then on."""
    with transaction.atomic():
        webtask = lock(webtask)
        renewed, webtask.share_key = webtask.share_key is not None, secrets.token_urlsafe(_BYTES)
        webtask.save(update_fields=["share_key"])
        record(actor, "webtask.link", webtask.team, str(webtask), renewed=renewed)
    return page_url(webtask.share_key)


def take_link_back(webtask: Webtask, *, actor: Actor) -> None:
    """Whoever takes back what is not there changes nothing."""
    with transaction.atomic():
        webtask = lock(webtask)
        if webtask.share_key is None:
            return
        webtask.share_key = None
        webtask.save(update_fields=["share_key"])
        record(actor, "webtask.unlink", webtask.team, str(webtask))


def link_of(webtask: Webtask) -> str | None:
    return page_url(webtask.share_key) if webtask.share_key else None


def page_url(key: str) -> str:
    return f"{settings.CONSOLE_ORIGIN}{PREFIX}{key}"


def access_shared_code(key: str) -> Webtask:
    """For whoever has the link. Raises Absent: the same for one that never was and one that was taken back."""
    found = Webtask.objects.select_related("team", "live__author").filter(share_key=key)
    webtask = found.filter(team__disbanded_at=None).first() if key else None
    if webtask is None or webtask.team.is_over:
        raise Absent("The link leads nowhere, or was taken back. Ask whoever gave it to you for another.")
    return webtask
