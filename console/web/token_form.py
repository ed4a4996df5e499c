from collections.abc import Collection
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from console.accounts.models import Kind
from console.accounts.roles import Action
from console.accounts.terms import MAX_DEPTH, METHODS, MOST_RATE, RATES, Terms

_ALL, _SOME = "all", "some"
_ENDS = {"1": "in a day", "7": "in a week", "30": "in 30 days", "90": "in 90 days", "365": "in a year"}
_NEVER, _ON = "never", "on"
# Where the page shows what the terms say of their fields.
_PLACES = {"rates": "per_second", "expires_at": "ends"}


class NewToken(forms.Form):
    """What a token shall be. Without JavaScript: which boxes count is said by the choice above them."""

    kind = forms.ChoiceField(initial=Kind.API)
    name = forms.CharField(max_length=100, error_messages={"required": "Give it a name to know it by."})
    scope = forms.ChoiceField(choices=[(_ALL, ""), (_SOME, "")], initial=_SOME)
    scopes = forms.MultipleChoiceField(required=False)
    reach = forms.ChoiceField(choices=[(_ALL, ""), (_SOME, "")], initial=_ALL)
    webtasks = forms.MultipleChoiceField(required=False)
    others = forms.CharField(required=False, max_length=4000)
    how = forms.ChoiceField(choices=[(_ALL, ""), (_SOME, "")], initial=_ALL)
    methods = forms.MultipleChoiceField(required=False, choices=[(name, name) for name in METHODS])
    ends = forms.ChoiceField(
        choices=[*_ENDS.items(), (_ON, "at the end of a day"), (_NEVER, "never, until it is revoked")],
        initial="90",
    )
    day = forms.DateField(required=False)
    depth = forms.IntegerField(min_value=0, max_value=MAX_DEPTH, initial=0)

    def __init__(self, *args: Any, may: Collection[Action], names: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [Kind.API, *([Kind.WEBTASK] if Action.ISSUE in may else [])]
        self._choose("kind", [(kind.value, kind.label) for kind in kinds])
        self._choose("scopes", [(action.value, action.label) for action in Action if action in may])
        self._choose("webtasks", [(name, name) for name in names])
        for period in RATES:
            self.fields[f"per_{period}"] = forms.IntegerField(
                required=False, min_value=1, max_value=MOST_RATE
            )

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        asked = self.cleaned_data
        named = bool(asked.get("webtasks") or asked.get("others"))
        for choice, field, chosen in (
            ("scope", "scopes", bool(asked.get("scopes"))),
            ("reach", "webtasks", named),
            ("how", "methods", bool(asked.get("methods"))),
        ):
            if asked.get(choice) == _SOME and not chosen and field not in self.errors:
                self.add_error(field, "Choose one at least.")
        if asked.get("ends") == _ON and not asked.get("day"):
            self.add_error("day", "Choose a day.")
        elif asked.get("ends") == _ON and _end_of(asked["day"]) <= timezone.now():
            self.add_error("day", "That day is over already.")
        return asked

    def terms(self) -> Terms:
        asked = self.cleaned_data
        names = [*asked["webtasks"], *asked["others"].replace(",", " ").split()]
        return Terms(
            scopes=frozenset(map(Action, asked["scopes"])) if asked["scope"] == _SOME else None,
            webtasks=frozenset(names) if asked["reach"] == _SOME else None,
            methods=frozenset(asked["methods"]) if asked["how"] == _SOME else None,
            rates={period: asked[f"per_{period}"] for period in RATES if asked[f"per_{period}"]},
            expires=self._expires(),
            depth=asked["depth"],
        )

    def _expires(self) -> int | None:
        ends = self.cleaned_data["ends"]
        if ends == _NEVER:
            return None
        until = (
            _end_of(self.cleaned_data["day"]) if ends == _ON else timezone.now() + timedelta(days=int(ends))
        )
        return int(until.timestamp())

    def refuse(self, field: str | None, detail: str) -> None:
        """What the action says, where the page has it."""
        place = _PLACES.get(field or "", field)
        self.add_error(place if place in self.fields else None, detail)

    def rates(self) -> list[forms.BoundField]:
        return [self[f"per_{period}"] for period in RATES]

    def groups(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Of scopes, by what they are about."""
        field: Any = self.fields["scopes"]
        groups: dict[str, list[tuple[str, str]]] = {}
        for value, label in field.choices:
            groups.setdefault(_ABOUT[value.partition(".")[0]], []).append((value, label))
        return list(groups.items())


_ABOUT = {
    "webtask": "Webtasks",
    "storage": "Stored data",
    "secret": "Secrets",
    "token": "Tokens",
    "team": "The team",
}


def _end_of(day: Any) -> datetime:
    return datetime.combine(day, time.min, UTC) + timedelta(days=1)
