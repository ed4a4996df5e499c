"""What others may want to know of accounts, which knows none of them."""

from django.dispatch import Signal

# After the commit; arguments: team (slug or ""), jti.
token_revoked = Signal()
# After the commit: a person's clients are signed out; argument: name, by which executors know what those run.
login_ended = Signal()
# After the commit: somebody may do more or less than before, with some webtask, or in a team; then its slug is in `team`.
standings_changed = Signal()
# After the commit; argument: team (slug).
team_limited = Signal()
# After the commit: what was known under this name (argument team, a slug) is out of date, all of it.
team_gone = Signal()
# In the transaction: the team (argument, a Team) is deleted; its rows follow later.
team_disbanded = Signal()
