"""What may be said of a schedule and of its firings. Imports nothing of the project."""

from django.db.models import TextChoices


class State(TextChoices):
    """The published clients' words."""

    ACTIVE = "active"
    INACTIVE = "inactive"


class CatchUp(TextChoices):
    """What becomes of a firing whose time came while nothing ran."""

    SKIP = "skip"
    ONCE = "once"


class Result(TextChoices):
    """How a firing ended; "" while it has not."""

    SUCCESS = "success"
    ERROR = "error"
    SKIPPED = "skipped"
