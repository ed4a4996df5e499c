import uuid
from typing import Any, NoReturn

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models

from console.accounts.roles import Role
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
    """A person, who signs in by e-mail. `email` is stored in lower case. Staff run the installation, not a team."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"

    def __str__(self) -> str:
        return self.name or self.email


class Team(models.Model):
    """The tenant and trust boundary; `slug` is the container's name in every URL.

    `limits` holds what differs from the defaults, by name, for all its code.
    """

    slug = models.CharField(max_length=63, unique=True, validators=[RegexValidator(rf"\A{TEAM_PATTERN}\Z")])
    name = models.CharField(max_length=100)
    limits = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, through="Member", related_name="teams")

    def __str__(self) -> str:
        return self.slug


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


def new_jti() -> str:
    return uuid.uuid4().hex


class Token(models.Model):
    """A capability: what, whose, how much, how long. The claims are kept; the JWT is re-made by signing them.

    `parent` issued it. `code` is what a token without a webtask's name runs, when it fixes its code.
    """

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

    def __str__(self) -> str:
        return f"{self.name} ({self.jti})"


class AppendOnly(models.QuerySet["AuditEvent"]):
    def update(self, **_values: Any) -> NoReturn:
        raise TypeError("audit events are append-only")

    def delete(self) -> NoReturn:
        raise TypeError("audit events are append-only")


class AuditEvent(models.Model):
    """Who did what to which object, written in the transaction of the deed. Names, not keys: it outlives them."""

    at = models.DateTimeField(auto_now_add=True)
    actor = models.CharField(max_length=254)
    address = models.CharField(max_length=45, blank=True)
    team = models.CharField(max_length=63, blank=True)
    action = models.CharField(max_length=40)
    object = models.CharField(max_length=200)
    detail = models.JSONField(default=dict)

    objects = AppendOnly.as_manager()

    class Meta:
        indexes = [models.Index(fields=["team", "id"], name="audit_by_team")]

    def __str__(self) -> str:
        return f"{self.actor} {self.action} {self.object}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("audit events are append-only")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise TypeError("audit events are append-only")
