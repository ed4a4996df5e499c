"""What `serve --demo` finds or makes: a person, a team, a published webtask and a token."""

import secrets
from dataclasses import dataclass

from console.accounts import tokens
from console.accounts.actions import appoint_staff, create_team, create_user, issue_token
from console.accounts.audit import SYSTEM, Actor
from console.accounts.models import Team, Token, User
from console.accounts.names import team_named
from console.problems import Taken
from console.webtasks.about import About
from console.webtasks.access import draft_of
from console.webtasks.actions import create_webtask, publish
from console.webtasks.content import Content
from console.webtasks.models import Webtask

EMAIL = "demo@example.com"
TEAM = "acme"
WEBTASK = "hello"
CODE = """\
// Called with each request: answer through cb(error, data). Try ?name=Ada
module.exports = function (ctx, cb) {
  const name = ctx.query.name || "world";
  console.log("Saying hello to", name);
  cb(null, { hello: name });
};
"""


@dataclass(frozen=True, slots=True)
class Demo:
    """`password` is known only to the start that made it."""

    email: str
    password: str | None
    team: str
    webtask: str
    token: str


def seed() -> Demo:
    user, password = _user()
    team = team_named(TEAM) or user.teams.first() or _team(user)
    actor = Actor(user.handle, user)
    if not Webtask.objects.filter(team=team, name=WEBTASK).exists():
        about = About(description="Says hello to whoever the query names", tags=("demo",))
        webtask = create_webtask(team, WEBTASK, actor=actor, content=Content(code=CODE), about=about)
        publish(webtask, user, actor=actor, message="The first version", seen=draft_of(webtask, user).etag)
    token = Token.objects.filter(team=team, name="demo", revoked_at=None).first()
    token = token or issue_token(team, "demo", actor=actor)
    return Demo(EMAIL, password, team.slug, WEBTASK, tokens.sign(token.claims))


def _team(user: User) -> Team:
    try:
        return create_team(TEAM, "Acme", owner=user, actor=SYSTEM)
    except Taken:  # there was one, which somebody else deleted
        return create_team(f"{TEAM}-{secrets.token_hex(3)}", "Acme", owner=user, actor=SYSTEM)


def _user() -> tuple[User, str | None]:
    user = User.objects.filter(email=EMAIL).first()
    if user:
        return user, None
    password = secrets.token_urlsafe(12)
    user = create_user(EMAIL, password=password, actor=SYSTEM, name="Demo")
    # Who tries Webtasks alone is its whole staff too.
    appoint_staff(user, staff=True, actor=SYSTEM)
    return user, password
