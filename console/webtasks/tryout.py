"""What a guest finds when they come: a webtask whose URL answers already."""

from django.db import transaction

from console.accounts import guests
from console.accounts.audit import Actor
from console.accounts.models import Member
from console.webtasks.access import draft_of
from console.webtasks.actions import create_webtask, publish
from console.webtasks.gallery import Template
from console.webtasks.models import Webtask

NAME = "hello"


def begin(*, address: str, template: Template | None = None) -> tuple[Member, Webtask]:
    """Guest, team and webtask, all or nothing. Returns when its URL answers. Raises Overloaded."""
    with transaction.atomic():
        member = guests.admit(address=address)
        return member, add(member, template, address=address)


def add(member: Member, template: Template | None, *, address: str) -> Webtask:
    """A webtask that is made of `template`, or the first one. Raises Taken, Invalid."""
    actor = Actor(member.user.handle, member.user, address)
    with transaction.atomic():
        name, content, about = (
            (template.name, template.content, template.about) if template else (NAME, None, None)
        )
        webtask = create_webtask(member.team, name, actor=actor, content=content, about=about)
        # What needs a guard or secrets would not do what it says before they are set.
        if template is None or not template.secrets:
            seen = draft_of(webtask, member.user).etag
            publish(webtask, member.user, actor=actor, message="To begin with", seen=seen)
    return webtask
