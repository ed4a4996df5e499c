"""How a guest keeps what they made: by an address that they prove, or by signing in to the account that they have.

Both pass through pages of django-allauth, so that what is meant waits in the session.
"""

import time
from typing import Any

from allauth.account.forms import BaseSignupForm
from allauth.account.internal.flows.email_verification_by_code import EmailVerificationProcess
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from console.accounts import guests, people
from console.accounts.models import Team, User
from console.accounts.signup import SignUp

# In the session: the hash of the password that a guest chose; the team that whoever signs in here takes over.
_CHOSEN = "webtasks.keep"
_ADOPT = "webtasks.adopt"
# Whoever sits down at this browser later is perhaps somebody else.
_PATIENCE = 1800


class Keep(SignUp):
    """Nothing changes until the address is proved. What is answered does not tell whether there is an account already."""

    def begin(self, request: HttpRequest, guest: User) -> None:
        """Sends the code, or where there is an account already, a letter that says so."""
        request.session[_CHOSEN] = make_password(self.cleaned_data.get("password1"))
        user = None if self.account_already_exists else guest
        EmailVerificationProcess.initiate(request=request, user=user, email=self.cleaned_data["email"])


class KeepByPasskey(BaseSignupForm):  # type: ignore[misc]
    """The passkey is made when the address is proved."""

    begin = Keep.begin


def finish(request: HttpRequest, guest: User) -> None:
    """The address is proved. Within that transaction."""
    guest.password = request.session.pop(_CHOSEN, "") or make_password(None)
    guest.save(update_fields=["password"])
    guests.keep(guest, actor=people.actor_of(request, guest))
    # A new key: whoever knew the guest's session knows nothing of the person's, which lasts as long as any.
    update_session_auth_hash(request, guest)
    request.session.set_expiry(None)
    UserSession.objects.create_from_request(request)
    messages.success(request, "It is yours for good. The limits of guests are gone.")


def hand_over(request: HttpRequest, team: Team) -> None:
    """Whoever signs in next in this browser gets the team."""
    logout(request)
    request.session[_ADOPT] = {"team": team.slug, "until": time.time() + _PATIENCE}
    messages.info(request, f"Sign in, and “{team}” moves to your account with all that is in it.")


def signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    """Takes over what was meant for them."""
    meant = request.session.pop(_ADOPT, None)
    if meant is None or meant["until"] < time.time():
        return
    slug = meant["team"]
    if guests.adopt(slug, user, actor=people.actor_of(request, user)):
        messages.success(request, f"“{slug}” is yours for good. The limits of guests are gone.")
    else:
        messages.error(request, f"The time of “{slug}” was over before you signed in: it is gone.")
