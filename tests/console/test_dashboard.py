"""A team's list of webtasks: what it tells of each, at what price, and what is done with several at once."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from console.accounts.models import AuditEvent
from console.accounts.roles import Role
from console.schedules.models import Schedule
from console.webtasks.models import Draft, Tally, Version, Webtask
from tests.console.test_metrics import tally

pytestmark = pytest.mark.django_db


def shown(person, query=""):
    return person.client.get(f"/t/acme{query}").content.decode()


def row(page, name):
    """Its words."""
    found = re.search(rf'<tr>(?:(?!</tr>).)*href="/t/acme/{name}".*?</tr>', page, re.DOTALL)
    assert found, page
    return re.sub(r"\s+", " ", re.sub(r"<(?!svg)[^>]+>", " ", found[0]))


def listed(page):
    return re.findall(r'<th scope="row"><a href="/t/acme/([\w-]+)"', page)


def make(team, *names, **more):
    return Webtask.objects.bulk_create(Webtask(team=team, name=name, **more) for name in names)


def many(team, count):
    """Each with a live version, a tally an hour ago, and one ten days ago."""
    webtasks = make(team, *(f"task-{number:04}" for number in range(count)))
    versions = Version.objects.bulk_create(
        Version(webtask=one, number=1, code="x", digest="d") for one in webtasks
    )
    for one, version in zip(webtasks, versions, strict=True):
        one.live = version
    Webtask.objects.bulk_update(webtasks, ["live"])
    Tally.objects.bulk_create(
        Tally(
            team=team, webtask=one, label="v1", time=timezone.now() - timedelta(days=days), seconds=10, thinned=0,
            requests=4, statuses={"2xx": 3, "5xx": 1}, ms_sum=9, ms_max=5, spread={"1.12": 3, "5.01": 1},
        )
        for one in webtasks
        for days in (0, 10)
    )  # fmt: skip


class TestWhatItTells:
    def test_requests_errors_and_durations_of_a_day(self, alice, store):
        store(
            1,
            tallies=[
                tally(requests=18, statuses={"2xx": 18}, spread={"1.12": 18}),
                tally(requests=2, statuses={"2xx": 1, "5xx": 1}, spread={"30.0": 2}, ms_max=28.5, ago=7200),
                tally(requests=900, statuses={"5xx": 900}, ago=90_000),
            ],
        )
        told = row(shown(alice), "hello")
        assert "20 requests in 24 hours, 1 failed" in told
        assert "5.0 %" in told
        assert "28.5 ms" in told
        assert "just now" in told

    def test_a_webtask_that_nobody_called(self, alice, hello):
        told = row(shown(alice), "hello")
        assert "v1" in told
        assert "No requests" in told

    def test_states(self, people, alice, hello):
        team = people.team
        make(team, "off", paused=True, live=Version.objects.get())
        make(team, "shut", guard="private")
        Draft.objects.create(
            webtask=Webtask.objects.get(name="shut"),
            user=alice.user,
            code="",
            etag="x",
            saved_at=timezone.now(),
        )
        Schedule.objects.create(
            team=team, name="nightly", webtask=Webtask.objects.get(name="hello"), cron="* * * * *", tz="UTC"
        )
        page = shown(alice)
        assert "Paused" in row(page, "off")
        assert "Private" in row(page, "shut")
        assert "Your draft" in row(page, "shut")
        assert "Runs by a schedule" in row(page, "hello")
        # A draft is its author's.
        assert "Your draft" not in row(shown(people.bob(Role.DEVELOPER)), "shut")

    def test_nothing_of_another_team(self, charlie, hello):
        assert charlie.client.get("/t/acme?q=hello").status_code == 404

    def test_what_it_is_for(self, people, alice):
        make(people.team, "one", description="Pays <b>everybody</b>", tags=" cron mail ")
        page = shown(alice)
        assert "Pays &lt;b&gt;everybody&lt;/b&gt;" in page
        assert re.findall(r'href="\?tag=(\w+)"', page) == ["cron", "mail"]


class TestFinding:
    def test_by_name(self, people, alice):
        make(people.team, "mail-in", "mail-out", "other")
        assert listed(shown(alice, "?q=MAIL")) == ["mail-in", "mail-out"]
        assert listed(shown(alice, "?q=mail+out")) == ["mail-out"]
        assert "No webtask has “x&lt;y” in its name or description" in shown(alice, "?q=x%3Cy")

    def test_by_the_words_of_the_description(self, people, alice):
        make(people.team, "one", description="Überweist Geld (in %)")
        make(people.team, "two", description="Posts to a channel")
        make(people.team, "money")
        assert listed(shown(alice, "?q=ÜBERWEIST+geld")) == ["one"]
        assert listed(shown(alice, "?q=one+geld")) == ["one"]
        assert listed(shown(alice, "?q=(in+%25)")) == ["one"]
        assert listed(shown(alice, "?q=geld+channel")) == []
        assert listed(shown(alice, "?q=%00.*")) == []

    def test_by_tag_beside_all_else(self, people, alice):
        make(people.team, "mail-in", "mail-out", tags=" cron mail ")
        make(people.team, "bill", tags=" mail ")
        make(people.team, "other", tags=" e-mail mails ")
        assert listed(shown(alice, "?tag=mail")) == ["bill", "mail-in", "mail-out"]
        assert listed(shown(alice, "?tag=mail&q=out")) == ["mail-out"]
        page = shown(alice, "?tag=mail&q=mail&sort=run")
        # What is there stays when the other is chosen, and the tag can be left out.
        assert 'href="?q=mail&amp;tag=cron&amp;sort=run"' in page
        assert 'href="?q=mail&amp;tag=mail&amp;sort=published"' in page
        assert 'class="wt-tag" href="?q=mail&amp;sort=run" aria-current="true">mail' in page
        assert '<input type="hidden" name="tag" value="mail">' in page

    def test_pages_of_a_tag(self, people, alice):
        make(people.team, *(f"task-{number:03}" for number in range(60)), tags=" mail ")
        assert "?tag=mail&amp;page=2" in shown(alice, "?tag=mail")
        # What is sought may be called as an order is.
        assert "?q=name&amp;sort=run" in shown(alice, "?q=name")
        assert len(listed(shown(alice, "?tag=mail&page=2"))) == 10

    @pytest.mark.parametrize("tag", ["mai", "cron mail", "CRON", "%25", "_", "no such", "'", "%00"])
    def test_a_tag_that_nothing_has(self, people, alice, tag):
        make(people.team, "one", tags=" cron mail ")
        page = shown(alice, f"?tag={tag}")
        assert listed(page) == []
        assert "No webtask has the tag “" in page
        assert "with the tag “" in shown(alice, f"?tag={tag}&q=one")

    def test_sorted(self, people, alice, store):
        make(people.team, "aaa")
        store(1, tallies=[tally()])
        assert listed(shown(alice)) == ["aaa", "hello"]
        assert listed(shown(alice, "?sort=run")) == ["hello", "aaa"]
        assert listed(shown(alice, "?sort=published")) == ["hello", "aaa"]
        assert listed(shown(alice, "?sort=wings")) == ["aaa", "hello"]

    @pytest.mark.parametrize("number", ["0", "-1", "x", "²", "9" * 30])
    def test_a_page_that_is_none(self, alice, hello, number):
        assert alice.client.get(f"/t/acme?page={number}").status_code == 200

    def test_pages(self, people, alice):
        make(people.team, *(f"task-{number:03}" for number in range(60)))
        first, second = shown(alice, "?q=task"), shown(alice, "?q=task&page=2")
        assert len(listed(first)) == 50
        assert "?q=task&amp;page=2" in first
        assert listed(second) == [f"task-{number:03}" for number in range(50, 60)]

    @pytest.mark.parametrize("sort", ["name", "run", "published"])
    def test_a_thousand_cost_no_more_questions_than_two(self, people, alice, sort):
        many(people.team, 2)
        with CaptureQueriesContext(
            connection,
        ) as few:
            shown(alice, f"?sort={sort}")
        Webtask.objects.all().delete()
        many(people.team, 1000)
        with CaptureQueriesContext(connection) as lots:
            page = shown(alice, f"?sort={sort}")
        assert len(listed(page)) == 50
        assert len(lots) == len(few) <= 20


class TestSeveralAtOnce:
    def test_pause_and_resume(self, people, alice, hello):
        make(people.team, "other")
        chosen = {"webtask": ["hello", "other", "gone"]}
        page = alice.client.post("/t/acme/@webtasks/pause", chosen, follow=True).content.decode()
        assert "Paused: hello, other." in page
        assert "Not done. gone: " in page
        assert set(Webtask.objects.values_list("paused", flat=True)) == {True}
        assert AuditEvent.objects.filter(action="webtask.pause").count() == 2
        page = alice.client.post("/t/acme/@webtasks/resume", {"webtask": "hello"}, follow=True)
        assert "Resumed: hello." in page.content.decode()
        assert not Webtask.objects.get(name="hello").paused

    def test_delete_takes_what_is_typed(self, people, alice, hello):
        make(people.team, "other", "third")
        chosen = {"webtask": ["hello", "other"]}
        asked = alice.client.post("/t/acme/@webtasks/delete", chosen)
        assert "Type “delete 2”" in asked.content.decode()
        wrong = alice.client.post("/t/acme/@webtasks/delete", {**chosen, "typed": "delete"})
        assert wrong.status_code == 400
        assert Webtask.objects.count() == 3
        done = alice.client.post("/t/acme/@webtasks/delete", {**chosen, "typed": "delete 2"}, follow=True)
        assert "Deleted: hello, other." in done.content.decode()
        assert [one.name for one in Webtask.objects.all()] == ["third"]

    @pytest.mark.parametrize("deed", ["pause", "resume", "delete"])
    def test_it_needs_the_right(self, people, charlie, hello, deed):
        sent = {"webtask": "hello", "typed": "delete 1"}
        path = f"/t/acme/@webtasks/{deed}"
        assert people.bob(Role.VIEWER).client.post(path, sent).status_code == 403
        assert charlie.client.post(path, sent).status_code == 404
        assert Webtask.objects.get().paused is False

    def test_who_may_not_sees_no_buttons(self, people, alice, hello):
        viewer, operator = shown(people.bob(Role.VIEWER)), shown(people.bob(Role.OPERATOR))
        assert "@webtasks" not in viewer
        assert "@webtasks/pause" in operator
        assert "@webtasks/delete" not in operator

    @pytest.mark.parametrize("deed", ["pause", "delete"])
    def test_nothing_marked(self, alice, hello, deed):
        page = alice.client.post(f"/t/acme/@webtasks/{deed}", follow=True).content.decode()
        assert "Mark the webtasks first." in page


class TestBeginning:
    def test_an_empty_list_offers_three_templates(self, people, alice):
        page = shown(alice)
        assert len(re.findall(r'href="/templates/[\w-]+"', page)) == 3
        assert "/templates/" not in shown(people.bob(Role.VIEWER))

    def test_pasted_code_is_the_draft(self, alice):
        alice.client.post("/t/acme", {"name": "pasted", "code": "module.exports = cb =>\r\n  cb();\r\n"})
        assert Draft.objects.get().code == "module.exports = cb =>\n  cb();\n"

    def test_what_was_pasted_stays_when_the_name_will_not_do(self, alice, hello):
        answer = alice.client.post("/t/acme", {"name": "hello", "code": "mine"})
        assert ">mine</textarea>" in answer.content.decode()
