"""A team full of canaries: strings that stand nowhere else, one for each thing that is nobody's business outside."""

import re
from dataclasses import dataclass, field

from django.utils import timezone

from console.accounts.actions import add_member, create_team, issue_token
from console.accounts.audit import SYSTEM, Actor
from console.accounts.models import AuditEvent, Team
from console.accounts.roles import Right, Role
from console.deliveries.models import Delivery
from console.modules.models import Install, Staged
from console.schedules.models import Firing, Schedule
from console.storage.actions import Seen, save_document
from console.webtasks.actions import create_webtask, publish, save_draft
from console.webtasks.content import Content
from console.webtasks.models import Collaborator, EgressCall, Invocation, LogLine, Secret, Webtask
from tests.console.people import People, Person

TEAM, NAME = "acme", "hello"
MARK = "finch"


@dataclass
class Nest:
    """The team, its owner, and the ids by which its things may be asked for, by the parameter that takes them."""

    owner: Person
    team: Team
    ids: dict[str, list[str]] = field(default_factory=dict)

    def knows(self, parameter: str, *ids: object) -> None:
        self.ids.setdefault(parameter, []).extend(map(str, ids))


def build() -> Nest:
    owner = People.stranger(f"{MARK}-owner")
    team = create_team(TEAM, f"{MARK}-name", owner=owner.user, actor=SYSTEM)
    nest = Nest(owner, team)
    add_member(team, People.stranger(f"{MARK}-member").user, Role.VIEWER, actor=SYSTEM)
    team.limits = {"wall_ms": 123_457}
    team.save()
    webtask = _webtask(nest)
    _records(nest, webtask)
    _plans(nest, webtask)
    token = issue_token(team, f"{MARK}-token", actor=Actor(owner.user.handle, owner.user))
    nest.knows("jti", token.jti, *team.token_set.values_list("jti", flat=True))
    nest.knows("secret", "nothing")
    # A link by which everybody sees code tells it to everybody (test_share_page.py).
    nest.knows("key", "nothing")
    nest.knows("path", "nothing.js")
    AuditEvent.objects.create(actor=owner.user.handle, team=TEAM, action="x", object=f"{MARK}-audit")
    return nest


def _webtask(nest: Nest) -> Webtask:
    owner = nest.owner.user
    actor = Actor(owner.handle, owner)
    webtask = create_webtask(nest.team, NAME, actor=actor, content=Content(code=f"// {MARK}-code"))
    create_webtask(nest.team, f"{MARK}-other", actor=actor)
    etag = webtask.draft_set.get(user=owner).etag
    version = publish(webtask, owner, actor=actor, message=f"{MARK}-message", seen=etag).version
    text = Content(code=f"// {MARK}-draft", files={"lib/x.js": f"// {MARK}-file"})
    save_draft(webtask, owner, text, base=version.number, seen="")
    webtask.refresh_from_db()
    webtask.egress, webtask.limits = [f"{MARK}-rule.example.com:443"], {"wall_ms": 765_431}
    webtask.description, webtask.tags = f"{MARK}-description", f" {MARK}-tag "
    webtask.save()
    Secret.objects.create(
        webtask=webtask, name=f"{MARK.upper()}_SECRET", value=b"", changed_at=timezone.now()
    )
    Staged.objects.create(webtask=webtask, dependencies={f"{MARK}-module": "1.0.0"})
    guest = Collaborator.objects.create(webtask=webtask, email=f"{MARK}-guest@example.com", rights=["logs"])
    save_document(webtask, f'"{MARK}-stored"', seen=Seen.WHATEVER, actor=actor)
    nest.knows("number", version.number, guest.pk)
    nest.knows("etag", etag)
    nest.knows("person", owner.pk)
    return webtask


def _records(nest: Nest, webtask: Webtask) -> None:
    now = timezone.now()
    of = {"team": nest.team, "webtask": webtask, "label": "v1", "time": now}
    made = Invocation.objects.create(
        **of, invocation="cafe01", method="GET", path=f"/{MARK}-path", status=200, ms=1, source="x"
    )
    line = LogLine.objects.create(**of, invocation="cafe01", level="info", text=f"{MARK}-line")
    call = EgressCall.objects.create(
        **of, invocation="cafe01", ms=1, host=f"{MARK}-host", port=1, sent=0, received=0, verdict="allowed"
    )
    delivery = Delivery.objects.create(
        team=nest.team,
        webtask=webtask,
        method="POST",
        host="x",
        url="/",
        next_at=now,
        state="done",
        answer_body=f"{MARK}-answer".encode(),
        error=f"{MARK}-error",
        invocation="cafe01",
    )
    nest.knows("invocation", "cafe01")
    nest.knows("before", made.pk + 1, line.pk + 1, call.pk + 1)
    nest.knows("after", 0, line.pk - 1, "a")
    install = Install.objects.create(key="k", wish={}, run="beef01", asked_at=now, output="npm")
    nest.knows("ticket", delivery.ticket)
    nest.knows("run", install.run)
    nest.knows("module", "lodash")


def _plans(nest: Nest, webtask: Webtask) -> None:
    plan = Schedule.objects.create(
        team=nest.team,
        name="nightly",
        webtask=webtask,
        cron="0 4 * * *",
        tz="UTC",
        meta={"k": f"{MARK}-meta"},
    )
    Firing.objects.create(
        schedule=plan, due_at=timezone.now(), type="success", status=200, body=f"{MARK}-result"
    )
    nest.knows("schedule", "nightly")


# Where a canary sits, and who beyond the members of the team may hear it: whoever holds the right.
OF_CODE = {"code", "draft", "file", "message", "module", "rule", "secret", "owner"}
OF_LOGS = {"line", "host", "answer", "error", "result"}
OF_ALL = {"meta", "description", "tag"}
PLACES = OF_CODE | OF_LOGS | OF_ALL | {"token", "guest", "stored", "other", "name"}
FOR = {
    Right.CODE: OF_CODE | OF_ALL,
    Right.EDIT: OF_CODE | OF_ALL,
    Right.RUN: OF_ALL,
    Right.LOGS: OF_LOGS | OF_ALL,
}
SIGNS = (MARK, "123457", "123,457", "765431", "765,431")


def seen(text: str) -> set[str]:
    """The places of the canaries that a text holds."""
    return set(re.findall(rf"{MARK}[-_ ](\w+)", text.lower()))
