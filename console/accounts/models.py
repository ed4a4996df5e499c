import uuid
from datetime import UTC, datetime
from typing import Any, NoReturn

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone

from console.accounts.roles import Action, Role
from console.accounts.terms import RATES, Terms
from executor.contract import TEAM_PATTERN


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, *, name: str = "") -> "User":
        user = self.model(email=email.strip().lower(), name=name)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Sign-in asks here: an address is one address however it is typed."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person, who signs in by e-mail. `email` is stored in lower case. Staff run the installation, not a team.

    A guest has no account yet (console.accounts.guests): no `email`, which is nobody's and matches none, and no password.
    Neither has who signed in with the webtask token that it `holds` (console.accounts.holders).
    """

    email = models.EmailField(unique=True, null=True)  # noqa: DJ001 - of those who have none, none is equal
    name = models.CharField(max_length=100, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    holds = models.OneToOneField(
        "Token", on_delete=models.CASCADE, null=True, blank=True, related_name="holder"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"

    def __str__(self) -> str:
        if self.holds:
            return f"Token “{self.holds.name}”"
        return self.name or self.email or "Guest"

    @property
    def is_guest(self) -> bool:
        return self.email is None and self.holds_id is None

    @property
    def has_account(self) -> bool:
        return self.email is not None

    @property
    def handle(self) -> str:
        """What tells them from everybody else: their address, a token's id, or a guest's number."""
        return self.email or (f"token {self.holds_id}" if self.holds_id else f"guest {self.pk}")


class Team(models.Model):
    """The tenant and trust boundary; `slug` is the container's name in every URL.

    `limits` holds what differs from the defaults, by name, for all its code. `expires_at` is when a guest's team ends;
    nobody may do more with it than guests may. None is never. One that is `disbanded_at` some time is nobody's, has no
    name, and is on its way out.
    """

    slug = models.CharField(max_length=63, unique=True, validators=[RegexValidator(rf"\A{TEAM_PATTERN}\Z")])
    name = models.CharField(max_length=100)
    limits = models.JSONField(default=dict, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True, db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)
    disbanded_at = models.DateTimeField(null=True, blank=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, through="Member", related_name="teams")

    def __str__(self) -> str:
        return self.slug

    @property
    def is_over(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()


class FormerName(models.Model):
    """A slug that a team had: it goes on leading there, and no other team gets it.

    Of a team that was deleted, whose is None, it leads nowhere; only `holder`, who deleted it, may use it again. Others
    would get what the world still sends there.
    """

    slug = models.CharField(max_length=63, unique=True)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, related_name="former_names")
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    since = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.slug}, now {self.team or 'nobody’s'}"


class Member(models.Model):
    """A person in a team, with a role."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    role = models.CharField(max_length=16, choices=Role.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="one_membership_per_team")]

    def __str__(self) -> str:
        return f"{self.user} in {self.team} as {self.role}"


class Invitation(models.Model):
    """Into a team, as `role`: for whoever proves to have the address `email`, or without one for whoever has the link.

    `digest` is of the secret in its link, which is kept nowhere. Each of its uses, `most_uses` at most, is one person who
    joined; `accepted_at` and `accepted_by` tell of the last. It holds no longer than its author may invite as much.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE)
    digest = models.CharField(max_length=64, unique=True)
    email = models.EmailField(blank=True, db_index=True)
    role = models.CharField(max_length=16, choices=Role.choices)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    most_uses = models.PositiveSmallIntegerField(default=1)
    uses = models.PositiveSmallIntegerField(default=0)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.email or f"link {self.pk}"


def new_jti() -> str:
    return uuid.uuid4().hex


class Kind(models.TextChoices):
    """A webtask token is a JWT and stands for itself; an API token acts as its author."""

    WEBTASK = "webtask"
    API = "api"


class Token(models.Model):
    """A capability: what, whose, how much, how long. Neither a webtask token nor an API token can be had from its row.

    A webtask token is made by signing its claims, which needs the installation's key; of an API token only the digest is
    kept. `parent` issued it. `code` is what a token without a webtask's name runs, when it fixes its code.
    `scopes` (actions of the table of permissions), `webtasks` (names) and `methods` narrow it; None does not.
    """

    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.WEBTASK)
    digest = models.CharField(max_length=64, blank=True)
    scopes = models.JSONField(null=True)
    webtasks = models.JSONField(null=True)
    methods = models.JSONField(null=True)
    jti = models.CharField(primary_key=True, max_length=32, default=new_jti)
    # None: an administrative token, not bound to a container.
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True)
    name = models.CharField(max_length=100)
    claims = models.JSONField()
    parent = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="children")
    code = models.TextField(blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["digest"], condition=~models.Q(digest=""), name="one_token_per_digest"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.jti})"

    @property
    def expires_at(self) -> datetime | None:
        return datetime.fromtimestamp(self.claims["exp"], UTC) if "exp" in self.claims else None

    @property
    def terms(self) -> Terms:
        claims = self.claims
        return Terms(
            scopes=None if self.scopes is None else frozenset(map(Action, self.scopes)),
            webtasks=None if self.webtasks is None else frozenset(self.webtasks),
            methods=None if self.methods is None else frozenset(self.methods),
            rates={period: claims[claim] for period, claim in RATES.items() if claim in claims},
            expires=claims.get("exp"),
            depth=claims.get("dd", 1),
        )


class Remembered(models.Model):
    """Something to know until `until`, such as attempts at a password; the cache of console.accounts.recent."""

    key = models.CharField(primary_key=True, max_length=250)
    value = models.JSONField()
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key


class AppendOnly(models.QuerySet["AuditEvent"]):
    def update(self, **_values: Any) -> NoReturn:
        raise TypeError("audit events are append-only")

    def delete(self) -> NoReturn:
        raise TypeError("audit events are append-only")

    def drop(self) -> int:
        """For console.accounts.audit.drop_older alone."""
        return self._raw_delete(self.db)


class AuditEvent(models.Model):
    """Who did what to which object, written in the transaction of the deed. Names, not foreign keys: it outlives them.

    `actor`, `team` and `object` are what they were called at that moment. The keys are ids, which are never given again:
    whoever takes a name that was another's does not get their trail. `person_key` is whom an event of no team is about.
    """

    at = models.DateTimeField(auto_now_add=True)
    actor = models.CharField(max_length=254)
    actor_key = models.BigIntegerField(null=True)
    address = models.CharField(max_length=45, blank=True)
    token = models.CharField(max_length=32, blank=True)
    team = models.CharField(max_length=63, blank=True)
    team_key = models.BigIntegerField(null=True)
    person_key = models.BigIntegerField(null=True)
    action = models.CharField(max_length=40)
    object = models.CharField(max_length=254)
    detail = models.JSONField(default=dict)

    objects = AppendOnly.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["team_key", "at", "id"], name="audit_by_team"),
            models.Index(fields=["team_key", "actor", "at", "id"], name="audit_by_actor"),
            models.Index(fields=["team_key", "object", "at", "id"], name="audit_by_object"),
            models.Index(fields=["person_key", "at", "id"], name="audit_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.action} {self.object}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("audit events are append-only")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise TypeError("audit events are append-only")
