"""The teams that whoever sees a page can switch to."""

from dataclasses import dataclass

from django import template
from django.http import HttpRequest

from console.accounts.access import memberships
from console.accounts.models import Team
from console.accounts.principals import Person
from console.accounts.roles import Role

register = template.Library()
# As many as there are digits to press.
KEYS = 9


@dataclass(frozen=True, slots=True)
class Choice:
    """`key` is the digit that leads there at once; `next` the one that a list of them starts at."""

    team: Team
    role: str
    key: str
    current: bool
    next: bool


@register.simple_tag
def choices(request: HttpRequest, current: Team | str | None = None) -> list[Choice]:
    """`current` is the page's own team, if it has one."""
    own = memberships(Person(request.user))
    slugs = [member.team.slug for member in own]
    here = slugs.index(str(current)) if str(current) in slugs else -1
    following = (here + 1) % len(own) if own else 0
    return [
        Choice(
            member.team,
            Role(member.role).label.lower(),
            str(number + 1) if number < KEYS else "",
            number == here,
            number == following,
        )
        for number, member in enumerate(own)
    ]
