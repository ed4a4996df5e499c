"""The forms to sign up with, and to prove an address. What the first answers does not tell whether there is an account
already, nor by how long it takes."""

from typing import Any

from allauth.account.forms import BaseConfirmCodeForm, ConfirmEmailVerificationCodeForm, SignupForm
from allauth.core import context
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase

from console.accounts import people
from console.accounts.access_invitations import admitting
from console.accounts.models import Invitation, User
from console.problems import Taken

# In the session of whoever follows an invitation, its number: they may sign up where not everybody may.
INVITED = "webtasks.invited"


def is_open(request: HttpRequest) -> bool:
    return settings.SIGNUP == "open" or (settings.SIGNUP == "invited" and _invitation(request) is not None)


def _invitation(request: HttpRequest) -> Invitation | None:
    return admitting(request.session.get(INVITED))


class SignUp(SignupForm):  # type: ignore[misc]
    account_already_exists: bool

    def clean_email(self) -> str:
        """An invitation of one address is no leave to make accounts with others."""
        email: str = super().clean_email()
        invitation = _invitation(context.request) if settings.SIGNUP == "invited" else None
        if invitation and invitation.email not in ("", email):
            raise ValidationError(f"The invitation is for {invitation.email}. Use that address.")
        return email

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponseBase | None]:
        """The person, or else the answer that everybody gets."""
        # Whether the account is there already or not, it costs one.
        password = make_password(self.cleaned_data.get("password1"))
        if not self.account_already_exists:
            user = User(email=self.cleaned_data["email"], password=password)
            try:
                people.sign_up(user, actor=people.actor_of(request, user))
            except Taken:
                self.account_already_exists = True
            else:
                return user, None
        answer: Any = super().try_save(request)
        return None, answer[1]


class Prove(ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    def clean_code(self) -> Any:
        BaseConfirmCodeForm.clean_code(self)
        if self.user:
            people.make_room(self.email, besides=self.user)
        return super().clean_code()
