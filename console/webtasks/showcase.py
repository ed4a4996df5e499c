"""What the landing page lets anybody run: code of the installation's own, in the sandbox that everybody's code runs in.

It belongs to no team and is in no table: the grant that the console signs for it is all that leads to it.
"""

from dataclasses import dataclass

from django.core import signing

from console.accounts.guests import LIMITS
from console.accounts.limits import effective
from executor.contract import Deployment

# Kept for the installation (console.accounts.names): no team has it.
TEAM = "webtasks"
GRANT_SECONDS = 60
_SALT = "webtasks.showcase"


@dataclass(frozen=True, slots=True, kw_only=True)
class Showpiece:
    """`words` say what its programming model is for."""

    name: str
    title: str
    words: str
    code: str


SHOWPIECES = {
    one.name: one
    for one in (
        Showpiece(
            name="callback",
            title="Just answer",
            words="What you give the callback goes out as JSON; ctx holds the query, the headers and the parsed body.",
            code="""\
module.exports = function (ctx, cb) {
  const { name } = ctx.query;
  console.log("hello to", name);
  cb(null, { hello: name });
};
""",
        ),
        Showpiece(
            name="response",
            title="In full control",
            words="With three parameters you get Node’s own request and response, streaming both ways.",
            code="""\
module.exports = (ctx, req, res) => {
  res.writeHead(201, { "x-powered-by": "me" });
  res.write(`Hello, ${ctx.query.name}! `);
  res.end(`You came by ${req.method}.`);
};
""",
        ),
        Showpiece(
            name="fetch",
            title="The web’s way",
            words="An object with fetch gets the web’s Request and returns a Response, as service workers do.",
            code="""\
export default {
  async fetch(request) {
    const { searchParams } = new URL(request.url);
    return Response.json({ hello: searchParams.get("name") });
  },
};
""",
        ),
    )
}


def grant(piece: Showpiece) -> str:
    """For the executor to show when it asks for it, for GRANT_SECONDS."""
    return signing.dumps(piece.name, salt=_SALT)


def granted(team: str, grant: str) -> Deployment | None:
    """What it names; None for what is no grant of these."""
    if team != TEAM or not grant:
        return None
    try:
        name = signing.loads(grant, salt=_SALT, max_age=GRANT_SECONDS)
    except signing.BadSignature:
        return None
    return _deployment(SHOWPIECES[name])


def _deployment(piece: Showpiece) -> Deployment:
    """With no more room than a guest has, and no way out."""
    return Deployment(
        team=TEAM,
        webtask=piece.name,
        slot=f"showcase:{piece.name}",
        version=None,
        label="showcase",
        entry=f"{piece.name}.js",
        files={f"{piece.name}.js": piece.code},
        egress=(),
        limits=effective(LIMITS),
    )
