from django import forms


class NewWebtask(forms.Form):
    """What a name may hold is decided by the action; this only says that there is one."""

    name = forms.CharField(max_length=200, error_messages={"required": "Give the webtask a name."})
