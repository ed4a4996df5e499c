"""Code that somebody shared by a link: whoever has it reads the live code, and nothing else of the webtask."""

import re

import pytest
from django.test import Client

from console.accounts.audit import SYSTEM
from console.accounts.models import AuditEvent
from console.accounts.roles import Role
from console.accounts.teams import disband_team
from console.webtasks.models import Collaborator, Secret, Version, Webtask
from tests.console.canaries import MARK, build

pytestmark = pytest.mark.django_db
README = """# Greets
Call it with `name`.

- one <script>alert(1)</script>
- two

```
curl x
```
[link](javascript:alert(1)) ![image](https://example.com/x.png)
"""


@pytest.fixture
def link(alice, hello):
    """The path of the page."""
    Version.objects.update(
        code="module.exports = cb => cb(null, '</code><b>')",
        files={"README.md": README, "lib/x.js": "exports.x = 1;"},
    )
    return made(alice)


def made(person):
    answer = person.post("/hello/share-page")
    assert answer.status_code == 201, answer.content
    return re.sub(r"^https?://[^/]+", "", answer.json()["url"])


def test_it_is_off_until_somebody_makes_it(alice, hello):
    assert alice.get("/hello/share-page").json() == {"url": None}
    link = made(alice)
    assert re.fullmatch(r"/s/[\w-]{22}", link)
    assert alice.get("/hello/share-page").json()["url"].endswith(link)


@pytest.mark.parametrize("role", [Role.DEVELOPER, Role.OPERATOR, Role.VIEWER])
def test_only_who_may_share_makes_one_and_sees_it(people, link, role):
    bob = people.bob(role)
    for method in ("get", "post", "delete"):
        assert getattr(bob, method)("/hello/share-page").status_code == 403
    assert Client().get(link).status_code == 200


def test_anybody_reads_the_code_with_its_files(link):
    page = Client().get(link)
    text = page.content.decode()
    assert page.status_code == 200
    for words in ("README.md", "lib/x.js", "hello.js", "v1", "curl "):
        assert words in text
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in page["Cache-Control"]
    assert 'property="og:title" content="acme/hello"' in text
    assert "Fork without an account" in text


def test_it_says_what_it_is_for(alice, link):
    assert 'property="og:description" content="v1: its code' in Client().get(link).content.decode()
    alice.patch("/hello", {"description": 'Greets "<all>"', "tags": ["mail"]})
    text = Client().get(link).content.decode()
    told = "Greets &quot;&lt;all&gt;&quot;"
    assert f'property="og:description" content="{told}"' in text
    assert f'name="description" content="{told}"' in text
    assert f">{told}</p>" in text
    assert ">mail</li>" in text


def test_nothing_of_it_is_markup(link):
    text = Client().get(link).content.decode()
    assert "</code><b>" not in text
    assert "<script>alert" not in text
    assert "javascript:alert(1)" in text  # as it was typed
    assert 'href="javascript' not in text
    assert "<img" not in text
    assert "<h2>Greets</h2>" in text
    assert "<li>two</li>" in text


def test_the_code_as_it_is(link):
    for path, text in (("/raw", "module.exports"), ("/raw/lib/x.js", "exports.x = 1;")):
        answer = Client().get(link + path)
        assert answer.content.decode().startswith(text)
        assert answer["Content-Type"] == "text/plain; charset=utf-8"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"].startswith("sandbox;")
    assert Client().get(f"{link}/raw/none.js").status_code == 404


def test_renewed_the_old_one_leads_nowhere(alice, link):
    fresh = made(alice)
    assert fresh != link
    assert Client().get(link).status_code == 404
    assert Client().get(fresh).status_code == 200


def test_taken_back_it_leads_nowhere(alice, link):
    assert alice.delete("/hello/share-page").status_code == 204
    for path in ("", "/raw", "/raw/lib/x.js", "/run"):
        assert Client().get(link + path).status_code == 404
    assert alice.client.get(f"{link}/fork").status_code == 404
    # Once is enough.
    assert alice.delete("/hello/share-page").status_code == 204
    told = AuditEvent.objects.filter(action__in=("webtask.link", "webtask.unlink"))
    assert [(one.action, one.detail) for one in told.order_by("id")] == [
        ("webtask.link", {"renewed": False}),
        ("webtask.unlink", {}),
    ]
    assert link.rpartition("/")[2] not in str(list(AuditEvent.objects.values("detail", "object")))


def test_with_the_webtask_it_goes(alice, link):
    alice.delete("/hello")
    assert Client().get(link).status_code == 404


def test_with_the_team_it_goes(people, link):
    disband_team(people.team, actor=SYSTEM)
    assert Client().get(link).status_code == 404
    assert not Webtask.objects.filter(share_key__isnull=False).exists()


@pytest.mark.parametrize("key", ["", "x", "A" * 22, "None", "%00"])
def test_what_nobody_made_is_not_there(hello, key):
    assert Client().get(f"/s/{key}").status_code == 404


def test_it_shows_nothing_else(db):
    nest = build()
    link = made(nest.owner)
    found = Client().get(link).content.decode() + Client().get(f"{link}/raw").content.decode()
    assert set(re.findall(rf"{MARK}-[\w-]+", found)) == {
        f"{MARK}-{one}" for one in ("code", "description", "tag")
    }
    assert "@example.com" not in found
    for secret in Secret.objects.all():
        assert secret.name not in found
    for one in Collaborator.objects.all():
        assert one.who not in found


def test_an_author_is_named_by_their_own_name_alone(people, alice, link):
    assert "by Alice" in Client().get(link).content.decode()
    alice.user.name = ""
    alice.user.save()
    text = Client().get(link).content.decode()
    assert "alice@example.com" not in text
    assert " by " not in text.partition("</header>")[2].partition("</header>")[0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"guard": "private"}, "Its URL is private"),
        ({"guard": "github", "guard_secrets": ["X"]}, "answers only what GitHub"),
        ({"paused": True}, "It is paused"),
        ({"live": None}, "Nothing is published yet"),
    ],
)
def test_it_says_who_may_call_it(link, change, words):
    Webtask.objects.update(**change)
    text = Client().get(link).content.decode()
    assert words in text
    assert "Run it" not in text


def test_code_that_lives_elsewhere_is_not_shown(link):
    Version.objects.update(url="https://user:pass@example.com/x.js", code="", files={})
    text = Client().get(link).content.decode()
    assert "lives elsewhere" in text
    assert "user:pass" not in text
    assert Client().get(f"{link}/raw").status_code == 404


@pytest.mark.parametrize(
    ("query", "after"),
    [("", ""), ("?name=Ada&n=2", "?name=Ada&n=2"), ("a b#c\r\nX: y", "?a%20b%23c%0D%0AX:%20y"), ("//evil.example", "?//evil.example")],
)  # fmt: skip
def test_running_leads_to_its_own_host_and_nowhere_else(link, query, after):
    answer = Client().get(f"{link}/run", {"query": query})
    assert answer.status_code == 302
    assert re.fullmatch(r"https?://acme\.[^/]+/hello" + re.escape(after), answer["Location"])


# -- forks ------------------------------------------------------------------------------------------------------


def test_somebody_else_forks_it(alice, charlie, link):
    alice.patch("/hello", {"description": "Greets", "tags": ["mail"]})
    form = charlie.client.get(f"{link}/fork").content.decode()
    assert 'value="hello"' in form
    answer = charlie.client.post(f"{link}/fork", {"team": "chaos", "name": "mine"})
    assert answer["Location"] == "/t/chaos/mine"
    made = Webtask.objects.get(team__slug="chaos")
    assert made.draft_set.get().files["lib/x.js"] == "exports.x = 1;"
    assert (made.live, made.share_key) == (None, None)
    assert (made.description, made.tags.split()) == ("Greets", ["mail"])
    # Whose team shared it does not learn by whom.
    assert not AuditEvent.objects.filter(team="acme", actor=charlie.user.email).exists()


def test_a_name_that_is_taken_is_told_at_its_field(alice, link):
    form = alice.client.get(f"{link}/fork").content.decode()
    assert 'value="hello-2"' in form
    answer = alice.client.post(f"{link}/fork", {"team": "acme", "name": "hello"})
    assert answer.status_code == 409
    assert "already has a webtask named" in answer.content.decode()


def test_nobody_forks_into_a_team_of_others(people, charlie, link):
    assert charlie.client.post(f"{link}/fork", {"team": "acme", "name": "x"}).status_code == 404
    viewer = people.bob(Role.VIEWER)
    assert viewer.client.post(f"{link}/fork", {"team": "acme", "name": "x"}).status_code == 403


def test_without_an_account_it_is_forked_as_a_guest(link):
    visitor = Client()
    answer = visitor.post(f"/new?next={link}/fork")
    assert answer["Location"] == f"{link}/fork"
    form = visitor.get(f"{link}/fork").content.decode()
    [team] = re.findall(r'option value="(try-\w+)"', form)
    done = visitor.post(f"{link}/fork", {"team": team, "name": "greets"})
    assert done["Location"] == f"/t/{team}/greets"


@pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example", "/api/run/acme/hello"])
def test_a_guest_is_led_to_pages_alone(db, there):
    answer = Client().post(f"/new?next={there}")
    assert re.fullmatch(r"/t/try-\w+/hello", answer["Location"])
