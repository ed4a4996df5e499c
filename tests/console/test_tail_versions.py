"""What a page that is told of a webtask's versions hears: which is live, whatever it missed, and nothing of the log."""

import pytest

from console.accounts.models import Member
from console.accounts.roles import Right, Role
from console.live import versions
from console.webtasks.models import Collaborator, Webtask

pytestmark = pytest.mark.django_db(transaction=True)
TOPIC = "versions:acme/hello"


@pytest.fixture
def told(listener):
    """Opens the websocket of a person's page and asks for the versions after `since`."""
    opened = []

    def told(person, since=None):
        page = listener.tail(person.client)
        opened.append(page)
        page.say(t="sub", topic=TOPIC, since=since)
        return page

    yield told
    for page in opened:
        page.close()


def publish(alice, count):
    """The numbers of as many more versions, as the API has them now."""
    for _ in range(count):
        before = alice.get("/hello").json()["live"]["number"]
        assert alice.publish("hello", f"after {before}", base=before).status_code == 201
    return alice.get("/hello/versions").json()


def numbers(page):
    return [(one["number"], one["live"]) for one in page.until("versions")["versions"]]


def silent(page):
    page.say(t="ping")
    return page.hear()["t"] == "pong"


def shared(person, right):
    webtask = Webtask.objects.get(name="hello")
    Collaborator.objects.create(webtask=webtask, email=person.user.email, rights=[right])


def test_the_live_version_comes_first_as_the_api_has_it(alice, hello, told):
    live, *_ = publish(alice, 2)
    page = told(alice)
    assert page.hear()["t"] == "subscribed"
    assert page.hear() == {"t": "versions", "topic": TOPIC, "versions": [live]}
    assert silent(page)


def test_what_was_published_while_the_connection_was_lost_comes_when_it_is_back(alice, hello, told):
    page = told(alice, since=1)
    assert numbers(page) == [(1, True)]
    page.close()
    publish(alice, 3)
    assert numbers(told(alice, since=1)) == [(2, False), (3, False), (4, True)]


def test_a_new_version_is_told_when_it_is_published_or_restored(alice, hello, told):
    page = told(alice, since=1)
    assert numbers(page) == [(1, True)]
    publish(alice, 1)
    assert numbers(page) == [(2, True)]
    alice.post("/hello/versions/1/restore", {})
    assert numbers(page) == [(3, True)]


def test_the_first_version_is_told_to_who_saw_none(alice, hello, told):
    alice.post("", {"name": "new"})
    page = told(alice)
    page.say(t="sub", topic="versions:acme/new", since=None)
    while page.until("subscribed")["topic"] != "versions:acme/new":
        pass
    assert silent(page)
    alice.publish("new", "first")
    assert numbers(page) == [(1, True)]


def test_a_page_that_knows_a_later_version_than_there_is_hears_which_is_live(alice, hello, told):
    """Of a backup that was restored."""
    publish(alice, 1)
    assert numbers(told(alice, since=40)) == [(2, True)]


def test_many_versions_come_in_pages(alice, hello, told, monkeypatch):
    publish(alice, 4)
    monkeypatch.setattr(versions, "PAGE", 2)
    page = told(alice, since=0)
    assert [numbers(page) for _ in range(3)] == [
        [(1, False), (2, False)],
        [(3, False), (4, False)],
        [(5, True)],
    ]


def test_to_hear_no_more_of_the_log_is_not_to_hear_no_more_of_versions(alice, hello, told):
    page = told(alice)
    page.say(t="sub", topic="webtask:acme/hello", since=None)
    page.say(t="unsub", topic="webtask:acme/hello")
    publish(alice, 1)
    assert numbers(page) == [(1, True)]
    assert numbers(page) == [(2, True)]


# -- who may hear of them --------------------------------------------------------------------------------------


def test_who_may_see_the_code_and_no_logs_hears_of_versions_and_of_no_line(alice, charlie, hello, told):
    shared(charlie, Right.CODE)
    page = told(charlie)
    assert numbers(page) == [(1, True)]
    page.say(t="sub", topic="webtask:acme/hello", since=None)
    assert page.until("problem")["problem"]["id"] == "forbidden"
    publish(alice, 1)
    assert numbers(page) == [(2, True)]


def test_who_may_see_the_logs_and_no_code_is_told_of_no_version(alice, charlie, hello, told):
    shared(charlie, Right.LOGS)
    page = told(charlie)
    assert page.until("problem")["problem"]["id"] == "forbidden"
    page.say(t="sub", topic="webtask:acme/hello", since=None)
    page.until("subscribed")
    publish(alice, 1)
    assert silent(page)


def test_a_stranger_is_told_what_is_told_of_what_is_not_there(charlie, hello, told):
    theirs = told(charlie).until("problem")
    assert (theirs["topic"], theirs["problem"]["status"]) == (TOPIC, 404)


def test_the_first_version_after_losing_membership_does_not_come(people, alice, hello, told):
    bob = people.bob(Role.VIEWER)
    page = told(bob)
    assert numbers(page) == [(1, True)]
    Member.objects.filter(user=bob.user).delete()
    publish(alice, 1)
    assert page.hear()["problem"]["id"] == "absent"
    assert silent(page)
