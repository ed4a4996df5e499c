"""The console's word to an executor that it was shown a token: without it the token's bare id would do for the token.

Ids stand in every token that descends from another. The same token gives the same voucher: a deployment's digest
depends on it.
"""

from django.core import signing

from console.accounts.models import Team, Token

_SIGNER = "webtasks.voucher"


def voucher_of(token: Token, team: Team) -> str:
    return signing.Signer(salt=_SIGNER).sign(f"{team.pk}/{token.jti}")


def vouched(voucher: str, team: Team) -> Token | None:
    """The token that it is for, where that is a token good for `team`."""
    try:
        number, _, jti = signing.Signer(salt=_SIGNER).unsign(voucher).partition("/")
    except signing.BadSignature:
        return None
    return Token.objects.defer("code").filter(jti=jti).first() if number == str(team.pk) else None
