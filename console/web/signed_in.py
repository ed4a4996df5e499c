from django.http import HttpRequest

from console.accounts.models import User


def signed_in(request: HttpRequest) -> User:
    """login_required has seen to it; this tells the type."""
    assert isinstance(request.user, User)
    return request.user
