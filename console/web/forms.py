from typing import Any

from django import forms

from console.accounts.models import Member
from console.problems import Problem


class NewWebtask(forms.Form):
    """What a name may hold is decided by the action; this only says that there is one."""

    name = forms.CharField(max_length=200, error_messages={"required": "Give the webtask a name."})
    # What to begin with; without it there is a starter.
    code = forms.CharField(required=False, strip=False)


class TeamNames(forms.Form):
    """As NewWebtask: what a slug may be is decided by the action."""

    name = forms.CharField(max_length=100, error_messages={"required": "Give the team a name."})
    slug = forms.CharField(max_length=63, error_messages={"required": "Give the team a name for its URLs."})


class Heir(forms.Form):
    """One of the other members."""

    email = forms.ChoiceField(
        error_messages={"required": "Choose a member.", "invalid_choice": "Choose a member."}
    )

    def __init__(self, *args: Any, members: list[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = [(one.user.email, one.user.name) for one in members]
        self.members = [(email, f"{name} ({email})" if name else email) for email, name in labels]
        email = self.fields["email"]
        assert isinstance(email, forms.ChoiceField)
        email.choices = self.members


class TypedName(forms.Form):
    slug = forms.CharField(max_length=63, required=False)


def refuse(form: forms.Form, problem: Problem) -> int:
    """Tells it at the field that it is about, or of the whole form. Returns the status to answer with."""
    field = problem.extra.get("field")
    form.add_error(field if field in form.fields else None, problem.detail)
    return problem.status
