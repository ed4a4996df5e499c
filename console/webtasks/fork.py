"""A new webtask from what another one has: its text and what belongs to that, and what is said of it.

No secret, stored document, schedule, token, collaborator, limit or guard goes along.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from console.accounts.audit import Actor, record
from console.accounts.models import Team
from console.problems import Unfit
from console.webtasks import needs
from console.webtasks.about import About
from console.webtasks.actions import create_webtask
from console.webtasks.content import DEPENDENCIES, Content
from console.webtasks.models import Webtask

# Of meta, what says what the code is loaded with and by.
LOADING = (DEPENDENCIES, "wt-compiler", "wt-middleware")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The content of `webtask` that `what` names: "v3", "the draft of Bo"."""

    webtask: Webtask
    content: Content
    what: str

    def for_team(self, team: Team) -> Content:
        """What goes along. Whoever may see code is not told its parameters and meta: another team gets of them what the code
        cannot be loaded without.

        A host serves one team, and there it serves the original. Raises Unfit.
        """
        if self.content.url:
            raise Unfit(
                f"{self.what} of “{self.webtask}” is code that lives at a URL: there is no text here to fork."
            )
        content = replace(self.content, host="")
        if team == self.webtask.team:
            return content
        # The address of code that lives elsewhere may say more than the code here does.
        loading = {
            name: value
            for name, value in content.meta.items()
            if name == DEPENDENCIES or (name in LOADING and "://" not in value)
        }
        return replace(content, params={}, meta=loading)

    def left(self, content: Content) -> dict[str, list[str]]:
        """The names of what did not go along."""
        return {
            "parameters": sorted(set(self.content.params) - set(content.params)),
            "meta": sorted(set(self.content.meta) - set(content.meta)),
        }


@dataclass(frozen=True, slots=True)
class Fork:
    """`left` has the names of what its code may miss, by kind: parameters, meta."""

    webtask: Webtask
    left: dict[str, list[str]]


def fork_webtask(origin: Origin, team: Team, name: str, *, actor: Actor, told: bool = True) -> Fork:
    """In `team`, as the draft of whoever does it; nothing is live. `told`: the other team's trail has it, too.

    Raises Unfit, Invalid, Taken, TooLarge.
    """
    content = origin.for_team(team)
    with transaction.atomic():
        said = About.of(origin.webtask)
        webtask = create_webtask(team, name, actor=actor, content=content, about=said)
        webtask.seed = _seed(content)
        webtask.save(update_fields=["seed"])
        for hear in needs.forked:
            hear(webtask, content)
        source = f"{origin.webtask} ({origin.what})"
        record(actor, "webtask.fork", team, str(webtask), source=source, digest=content.digest[:16])
        # Not where to: that may be a team whose name is nobody's business there.
        if told and team != origin.webtask.team:
            about = {"what": origin.what, "digest": content.digest[:16]}
            record(actor, "webtask.forked", origin.webtask.team, str(origin.webtask), **about)
    return Fork(webtask, origin.left(content))


def _seed(content: Content) -> dict[str, Any]:
    """All but the text. The packages are what the new webtask's own installation makes of their list."""
    row = replace(content, modules="").to_row()
    return {name: value for name, value in row.items() if name not in ("code", "files", "url", "host")}
