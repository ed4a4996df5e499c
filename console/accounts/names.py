"""The names of teams, their slugs: which leads where, and which can be had."""

from collections.abc import Iterator

from console.accounts.models import FormerName, Team, User
from console.problems import Invalid, Taken

# Of one team, beside the one it has.
MAX_FORMER = 20
# Beside a console's own they would be taken for the installation's; the last prefix spells other alphabets.
RESERVED = frozenset({"admin", "api", "app", "console", "ftp", "help", "imap", "localhost", "login", "mail", "ns", "ns1",
                      "ns2", "pop", "security", "signin", "smtp", "static", "status", "support", "system", "webmail",
                      "webtask", "webtasks", "www"})  # fmt: skip
_PUNYCODE = "xn--"


def team_named(slug: str) -> Team | None:
    """The one that has this name, or had it: every look-up by a name from outside comes here."""
    found = Team.objects.filter(slug=slug, disbanded_at=None).first()
    return found or Team.objects.filter(former_names__slug=slug).first()


def names_of(team: Team) -> Iterator[str]:
    """The one it has, then those it had: whoever finds the first one right asks no database."""
    yield team.slug
    yield from FormerName.objects.filter(team=team).order_by("pk").values_list("slug", flat=True)


def check(slug: str) -> None:
    """Raises Invalid."""
    if slug in RESERVED or slug.startswith(_PUNYCODE):
        raise Invalid(f"“{slug}” is kept for the installation itself. Choose another.", field="slug")


def settle(team: Team, *, person: User | None) -> None:
    """In the transaction that gave `team` its slug, after that: whoever is second of two sees what the first did.

    Raises Taken.
    """
    former = FormerName.objects.filter(slug=team.slug).first()
    if former is None:
        return
    own = former.team_id == team.pk or (
        former.team_id is None and former.holder_id and former.holder == person
    )
    if not own:
        raise taken(team.slug)
    former.delete()


def taken(slug: str) -> Taken:
    """The same for one that a team has, had, or had until it was deleted."""
    return Taken(f"There is already a team named “{slug}”, or there was. Choose another.", field="slug")
