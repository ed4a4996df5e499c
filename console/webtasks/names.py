"""Path converters for the names in URLs."""

from executor.contract import NAME_PATTERN, PIN_PATTERN, TEAM_PATTERN


class _Word:
    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class TeamName(_Word):
    regex = TEAM_PATTERN


class WebtaskName(_Word):
    regex = NAME_PATTERN


class PinnedName(_Word):
    """A webtask's, with or without a version."""

    regex = rf"{NAME_PATTERN}(?:{PIN_PATTERN})?"
