"""What others may want to know of accounts, which knows none of them."""

from django.dispatch import Signal

# After the commit; arguments: team (slug or ""), jti.
token_revoked = Signal()
# After the commit; argument: team (slug).
team_limited = Signal()
