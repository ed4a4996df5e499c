"""The one table of permissions: who may do what. API, pages, websockets, front end and documentation derive from it."""

from collections.abc import Iterable

from django.db.models import TextChoices


class Role(TextChoices):
    """Of a member, in their team."""

    OWNER = "owner", "Owner"
    ADMIN = "admin", "Admin"
    DEVELOPER = "developer", "Developer"
    OPERATOR = "operator", "Operator"
    VIEWER = "viewer", "Viewer"


class Right(TextChoices):
    """What a collaborator, a person or team outside, may do with the one webtask that is shared with them."""

    CODE = "code", "view code"
    EDIT = "edit", "edit"
    RUN = "run", "run"
    LOGS = "logs", "logs"


# Told wherever these are given. A draft could not be tried without.
TOGETHER = (
    "Whoever may edit a webtask's code and run it reaches what the code does:"
    " the values of its secrets, and all that it stores."
)


class Action(TextChoices):
    """Each label completes “may …”."""

    VIEW = (
        "webtask.view",
        "see that a webtask is there: its name, description, tags, URL, state, schedules and limits",
    )
    CODE = (
        "webtask.code",
        "see a webtask's code, versions, packages, where it may connect to, and the names of its secrets",
    )
    LOGS = "webtask.logs", "see logs, invocations and connections"
    RUN = "webtask.run", "run from the console, and call a private webtask"
    PAUSE = "webtask.pause", "pause a webtask and resume it"
    RESTORE = "webtask.restore", "restore an older version"
    EDIT = "webtask.edit", "edit a draft"
    PUBLISH = "webtask.publish", "publish a draft"
    CREATE = "webtask.create", "create a webtask"
    SCHEDULE = "webtask.schedule", "set when a webtask runs by itself"
    DELETE = "webtask.delete", "delete a webtask with all that belongs to it"
    GUARD = "webtask.guard", "set who may call a webtask, and its description and tags"
    SHARE = "webtask.share", "share a webtask with people and teams outside, and its code by a link"
    LIMIT = "webtask.limit", "set a webtask's limits and where it may connect to"
    READ_DATA = "storage.read", "see what a webtask stores"
    WRITE_DATA = "storage.write", "change what a webtask stores"
    SECRETS = "secret.write", "set a webtask's secrets, which nobody can read back"
    OWN_TOKEN = "token.own", "issue API tokens for oneself, no wider than one's own role"
    ISSUE = "token.issue", "issue webtask tokens"
    TOKENS = "token.view", "see all tokens of the team"
    REVOKE = "token.revoke", "revoke any token of the team"
    TEAM = "team.view", "see the team's members and settings"
    LEAVE = "team.leave", "leave the team"
    INVITE = "team.invite", "invite people"
    MEMBERS = "team.members", "change members' roles and remove them"
    RENAME = "team.rename", "rename the team"
    TEAM_LIMIT = "team.limit", "set limits for all the team's code"
    EXPORT = "team.export", "take away everything of the team as a file"
    AUDIT = "team.audit", "read and export the audit trail"
    TRANSFER = "team.transfer", "make another member the owner"
    DISBAND = "team.delete", "delete the team with all that belongs to it"


_VIEWER = frozenset({Action.VIEW, Action.CODE, Action.LOGS, Action.TEAM, Action.LEAVE, Action.OWN_TOKEN})
_OPERATOR = _VIEWER | {Action.RUN, Action.PAUSE, Action.RESTORE, Action.READ_DATA}
_DEVELOPER = _OPERATOR | {
    Action.EDIT,
    Action.PUBLISH,
    Action.CREATE,
    Action.SCHEDULE,
    Action.DELETE,
    Action.GUARD,
    Action.WRITE_DATA,
    Action.SECRETS,
    Action.ISSUE,
    Action.TOKENS,
}
_ADMIN = _DEVELOPER | {
    Action.SHARE,
    Action.LIMIT,
    Action.REVOKE,
    Action.INVITE,
    Action.MEMBERS,
    Action.RENAME,
    Action.TEAM_LIMIT,
    Action.EXPORT,
    Action.AUDIT,
}

TABLE: dict[Role, frozenset[Action]] = {
    Role.OWNER: _ADMIN | {Action.TRANSFER, Action.DISBAND},
    Role.ADMIN: _ADMIN,
    Role.DEVELOPER: _DEVELOPER,
    Role.OPERATOR: _OPERATOR,
    Role.VIEWER: _VIEWER,
}

# With a team that belongs to a guest and ends by itself: of what its owner may, what neither reaches others nor outlasts
# it. What is not named here they may not do, whatever their role.
GUEST: frozenset[Action] = frozenset(
    {
        Action.VIEW,
        Action.CODE,
        Action.LOGS,
        Action.RUN,
        Action.PAUSE,
        Action.RESTORE,
        Action.EDIT,
        Action.PUBLISH,
        Action.CREATE,
        Action.DELETE,
        Action.GUARD,
        Action.READ_DATA,
        Action.WRITE_DATA,
        Action.SECRETS,
        Action.TEAM,
    }
)

# Of the one webtask that a token opened in the editor: what the published clients' endpoints let the same token do, and
# what lies between (a draft, which is its own; an older version, whose code it could send as well).
BY_TOKEN: frozenset[Action] = frozenset(
    {
        Action.VIEW,
        Action.CODE,
        Action.LOGS,
        Action.RUN,
        Action.RESTORE,
        Action.EDIT,
        Action.PUBLISH,
        Action.SCHEDULE,
        Action.READ_DATA,
        Action.WRITE_DATA,
        Action.SECRETS,
    }
)

# Of the one webtask that is shared. Whoever holds any of these sees that it is there.
RIGHTS: dict[Right, frozenset[Action]] = {
    Right.CODE: frozenset({Action.VIEW, Action.CODE}),
    Right.EDIT: frozenset({Action.VIEW, Action.CODE, Action.EDIT}),
    Right.RUN: frozenset({Action.VIEW, Action.RUN}),
    Right.LOGS: frozenset({Action.VIEW, Action.LOGS}),
}


def actions_of(role: str) -> frozenset[Action]:
    return TABLE[Role(role)]


def shared(rights: Iterable[str]) -> frozenset[Action]:
    """What a collaborator with these rights may."""
    return frozenset[Action]().union(*(RIGHTS[Right(right)] for right in rights))
