"""The credential of executors."""

import hmac

from django.conf import settings


def is_node(authorization: str) -> bool:
    """Whether the Authorization header carries the node token."""
    expected = f"Bearer {settings.NODE_TOKEN}"
    return hmac.compare_digest(authorization.encode(), expected.encode())
