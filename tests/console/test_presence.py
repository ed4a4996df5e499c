"""People at one webtask see each other: who may see the code, under the name that each may know, until they leave."""

import pytest
from django.test import Client
from websockets.exceptions import ConnectionClosed

from console.accounts.models import Member, User
from console.accounts.roles import Right, Role
from console.live import meeting, presence
from console.live.page import MAX_TOPICS, SIGNED_OUT
from console.live.presence import Presence
from console.webtasks.company import Known
from console.webtasks.models import Collaborator, Webtask

pytestmark = pytest.mark.django_db(transaction=True)
TOPIC = "webtask:acme/hello"


@pytest.fixture
def here(listener):
    """A person's page says that it is there."""
    opened = []

    def here(person, **said):
        page = listener.tail(person.client)
        opened.append(page)
        page.say(t="here", topic=TOPIC, **said)
        return page

    yield here
    for page in opened:
        page.close()


@pytest.fixture
def bob(people):
    return people.bob(Role.DEVELOPER)


def shared(person, right):
    webtask = Webtask.objects.get(name="hello")
    Collaborator.objects.create(webtask=webtask, email=person.user.email, rights=[right])


def sees(page, *expected):
    """The next list that has these, as name, editing and line; a list may come before all have answered."""
    heard = []
    while expected != (
        found := tuple((one["name"], one["editing"], one["line"]) for one in shown(page)["people"])
    ):
        heard.append(found)
        assert len(heard) < 20, heard


def shown(page):
    message = page.until("presence")
    assert message["topic"] == TOPIC
    return message


def test_two_people_see_each_other_come_edit_and_go(alice, bob, hello, here):
    mine = here(alice)
    sees(mine)
    his = here(bob, editing=True, line=14)
    sees(mine, (str(bob.user), True, 14))
    sees(his, ("Alice", False, None))
    mine.say(t="here", topic=TOPIC, editing=True, line=3)
    sees(his, ("Alice", True, 3))
    his.close()
    sees(mine)


def test_which_file_it_is_is_told_of_whoever_edits(alice, bob, hello, here):
    mine = here(alice)
    sees(mine)
    his = here(bob, editing=True, line=14, file="lib/add.js")
    assert files(mine) == ["lib/add.js"]
    his.say(t="here", topic=TOPIC, editing=True, line=14)
    assert files(mine) == [None]
    his.say(t="here", topic=TOPIC, editing=False, line=14, file="lib/add.js")
    assert files(mine) == [None]


def files(page):
    """Of the next list that has somebody."""
    while not (people := shown(page)["people"]):
        pass
    return [one["file"] for one in people]


def test_nobody_is_told_of_themselves_and_each_person_once(alice, bob, hello, here):
    mine, other = here(alice), here(alice, editing=True, line=1)
    his = here(bob)
    sees(his, ("Alice", True, 1))
    sees(mine, (str(bob.user), False, None))
    other.close()
    sees(his, ("Alice", False, None))


def test_who_may_not_edit_is_looking(alice, people, hello, here):
    mine = here(alice)
    here(people.bob(Role.VIEWER), editing=True, line=5)
    sees(mine, (str(people.bob(Role.VIEWER).user), False, None))


def refused(page):
    message = page.until("problem")
    assert message["about"] == "here"
    return message["problem"]["id"]


def test_a_stranger_sees_nobody_and_is_seen_by_nobody(alice, charlie, bob, hello, here):
    mine, theirs = here(alice), here(charlie, editing=True, line=1)
    assert refused(theirs) == "absent"
    here(bob)
    # Had the stranger been told of, it would have been before Bob.
    sees(mine)
    sees(mine, (str(bob.user), False, None))
    theirs.say(t="ping")
    assert theirs.hear() == {"t": "pong"}


@pytest.mark.parametrize("right", Right)
def test_whoever_it_is_shared_with_is_there_with_the_code(alice, charlie, hello, here, right):
    shared(charlie, right)
    mine, theirs = here(alice), here(charlie, editing=True, line=2)
    if right in (Right.CODE, Right.EDIT):
        sees(theirs, ("Alice", False, None))
        editing = right == Right.EDIT
        sees(mine, ("Charlie", editing, 2 if editing else None))
    else:
        assert refused(theirs) == "forbidden"


def test_addresses_stay_in_the_team(alice, bob, charlie, hello, here):
    User.objects.update(name="")
    shared(charlie, Right.CODE)
    mine, his, theirs = here(alice), here(bob), here(charlie)
    sees(mine, ("Somebody it is shared with", False, None), (bob.user.email, False, None))
    sees(his, ("Somebody it is shared with", False, None), ("alice@example.com", False, None))
    sees(theirs, ("Somebody of the team", False, None), ("Somebody of the team", False, None))


def test_who_loses_the_code_is_gone_at_once(alice, charlie, hello, here):
    alice.post("/hello/collaborators", {"email": "charlie@example.com", "rights": ["edit"]})
    mine, theirs = here(alice), here(charlie)
    sees(mine, ("Charlie", False, None))
    number = alice.get("/hello/collaborators").json()[0]["number"]
    assert alice.delete(f"/hello/collaborators/{number}").status_code == 204
    assert refused(theirs) == "absent"
    sees(mine)


def test_who_signs_out_is_gone(alice, bob, hello, here, monkeypatch):
    from console.live.tail import Tail

    monkeypatch.setattr(Tail, "pulse_seconds", 0.2)
    mine, his = here(alice), here(bob)
    sees(mine, (str(bob.user), False, None))
    bob.client.logout()
    with pytest.raises(ConnectionClosed) as closed:
        his.until("nothing")
    assert closed.value.rcvd
    assert closed.value.rcvd.code == SIGNED_OUT
    sees(mine)


def test_nobody_without_a_session_is_there(hello, listener):
    page = listener.tail(Client())
    assert page.close_code() == SIGNED_OUT


@pytest.mark.parametrize(
    "said",
    [
        {"editing": "yes"},
        {"editing": 1},
        {"line": 0},
        {"line": -1},
        {"line": 1.5},
        {"line": True},
        {"line": presence.MAX_LINE + 1},
        {"line": "<script>"},
        {"file": 5},
        {"file": ""},
        {"file": "../up.js"},
        {"file": "<script>"},
        {"file": "a" * 201},
        {"topic": 5},
        {"topic": None},
    ],
)
def test_what_makes_no_sense_is_refused(alice, hello, here, said):
    page = here(alice)
    sees(page)
    page.say(**{"t": "here", "topic": TOPIC, **said})
    assert page.until("problem")["problem"]["id"] == "invalid"
    page.say(t="ping")
    page.until("pong")


@pytest.mark.parametrize(
    "topic", ["system", "webtask:acme", "webtask:", "here webtask:acme/hello", "x" * 1000]
)
def test_there_is_nothing_else_to_be_at(alice, hello, listener, topic):
    page = listener.tail(alice.client)
    page.say(t="here", topic=topic)
    assert page.until("problem")["problem"]["id"] in ("invalid", "absent")
    page.close()


def test_one_person_is_told_of_in_so_many_pages_and_no_more(alice, hello, here, monkeypatch):
    monkeypatch.setattr(presence, "MAX_PAGES", 2)
    pages = [here(alice), here(alice)]
    for page in pages:
        sees(page)
    assert refused(here(alice)) == "invalid"
    pages[0].close()
    pages[1].say(t="ping")
    pages[1].until("pong")


def test_a_page_is_at_so_many_webtasks(alice, hello, listener, monkeypatch):
    monkeypatch.setattr(meeting, "MAX_TOPICS", 1)
    alice.post("", {"name": "second"})
    page = listener.tail(alice.client)
    page.say(t="here", topic=TOPIC)
    page.until("presence")
    page.say(t="here", topic="webtask:acme/second")
    assert refused(page) == "invalid"
    assert MAX_TOPICS > 1
    page.close()


def test_a_flood_is_told_together_and_ends_as_it_ended(alice, bob, hello, here):
    mine = here(alice)
    sees(mine)
    his = here(bob)
    for line in range(1, 500):
        his.say(t="here", topic=TOPIC, editing=True, line=line)
    lists: list[list[int]] = []
    while not lists or lists[-1] != [499]:
        lists.append([one["line"] for one in shown(mine)["people"]])
    # It was told of far fewer times than it was said.
    assert len(lists) < 50


def test_removed_members_are_not_told_more(alice, bob, hello, here):
    mine, his = here(alice), here(bob)
    sees(mine, (str(bob.user), False, None))
    Member.objects.filter(user=bob.user).delete()
    mine.say(t="here", topic=TOPIC, editing=True, line=1)
    assert refused(his) == "absent"
    sees(mine)


# -- one page's knowledge of the others ------------------------------------------------------------------------


def said(channel, number, *, known=True, editing=False, line=None):
    who = (number, f"P{number}", "", True) if known else None
    return {"channel": channel, "known": who, "editing": editing, "line": line, "file": None}


def alone():
    me = Known(1, "Me", "", member=True)
    return Presence(TOPIC, "acme", "hello", (1, 1), me, member=True, may_edit=True)


def test_a_page_that_fell_silent_is_forgotten():
    mine = alone()
    mine.hear(said("a", 2), 0.0)
    mine.hear(said("b", 3), 50.0)
    assert not mine.forget_silent(presence.SILENCE_SECONDS)
    assert mine.forget_silent(presence.SILENCE_SECONDS + 1)
    assert [one["name"] for one in mine.people()] == ["P3"]


def test_hearing_the_same_again_is_no_news_and_keeps_it():
    mine = alone()
    assert mine.hear(said("a", 2), 0.0)
    assert not mine.hear(said("a", 2), 60.0)
    assert not mine.forget_silent(100.0)
    assert mine.hear(said("a", 2, editing=True, line=1), 61.0)
    assert mine.hear(said("a", 2, known=False), 62.0)
    assert not mine.hear(said("a", 2, known=False), 62.0)


def test_so_many_are_remembered_and_no_more():
    mine = alone()
    for number in range(presence.MAX_OTHERS + 10):
        mine.hear(said(f"c{number}", number + 2), 0.0)
    assert len(mine.people()) == presence.MAX_OTHERS
    # Those who are known are heard all the same.
    assert mine.hear(said("c0", 2, editing=True), 1.0)
