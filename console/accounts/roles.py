"""The one table of permissions: who may do what. API, pages, websockets and documentation derive from it."""

from django.db.models import TextChoices

from console.problems import Forbidden


class Role(TextChoices):
    OWNER = "owner", "Owner"
    ADMIN = "admin", "Admin"
    DEVELOPER = "developer", "Developer"
    OPERATOR = "operator", "Operator"
    VIEWER = "viewer", "Viewer"


class Action(TextChoices):
    VIEW = "webtask.view", "see webtasks, their code and versions"
    LOGS = "webtask.logs", "see logs and invocations"
    RUN = "webtask.run", "run from the console"
    RESTORE = "webtask.restore", "restore an older version"
    EDIT = "webtask.edit", "edit a draft"
    PUBLISH = "webtask.publish", "publish a draft"
    CREATE = "webtask.create", "create a webtask"
    SCHEDULE = "webtask.schedule", "set when a webtask runs by itself"
    DELETE = "webtask.delete", "delete a webtask with all that belongs to it"
    READ_DATA = "storage.read", "see what a webtask stores"
    WRITE_DATA = "storage.write", "change what a webtask stores"
    SECRETS = "webtask.secrets", "set a webtask's secrets"
    ISSUE = "token.issue", "issue and revoke tokens"
    LIMIT = "webtask.limit", "set limits and where a webtask may connect to"
    MANAGE = "team.manage", "manage members and settings"


_OPERATOR = frozenset({Action.VIEW, Action.LOGS, Action.RUN, Action.RESTORE, Action.READ_DATA})
_DEVELOPER = _OPERATOR | {
    Action.EDIT,
    Action.PUBLISH,
    Action.CREATE,
    Action.SCHEDULE,
    Action.DELETE,
    Action.WRITE_DATA,
    Action.SECRETS,
    Action.ISSUE,
}
_ADMIN = _DEVELOPER | {Action.LIMIT, Action.MANAGE}

TABLE: dict[Role, frozenset[Action]] = {
    Role.OWNER: _ADMIN,
    Role.ADMIN: _ADMIN,
    Role.DEVELOPER: _DEVELOPER,
    Role.OPERATOR: _OPERATOR,
    Role.VIEWER: frozenset({Action.VIEW, Action.LOGS}),
}


def allows(role: str, action: Action) -> bool:
    return action in TABLE[Role(role)]


def require(role: str, action: Action) -> None:
    """Raises Forbidden."""
    if not allows(role, action):
        raise Forbidden(f"You are {Role(role).label.lower()} of this team; that role may not {action.label}.")
