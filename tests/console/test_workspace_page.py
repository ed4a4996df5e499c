"""What the workspace's page shows before its script has come."""

import pytest

from console.accounts.roles import Role
from tests.console.team_calls import rename

pytestmark = pytest.mark.django_db

AS_IT_COMES = ("wt-named", "--wt-side: 400px; --wt-drawer: 220px")


def printed(person, query: str = "", layout: str = "") -> str:
    person.client.cookies["webtasks_layout"] = layout
    return str(person.client.get(f"/t/acme/hello{query}").content.decode())


@pytest.mark.parametrize("layout", ["", "1.2.3", "400.220.1.1.1", "1;x.2.1.1", '"><b>.1.1.1', "99999.1.1.1"])
def test_the_panes_are_where_they_are_for_whoever_moved_none(alice, hello, layout):
    page = printed(alice, layout=layout)
    assert all(sign in page for sign in (*AS_IT_COMES, 'class="wt-side"', 'class="wt-drawer"'))


def test_the_panes_are_where_somebody_left_them(alice, hello):
    page = printed(alice, layout="320.180.0.0")
    assert "--wt-side: 320px; --wt-drawer: 180px" in page
    assert not any(sign in page for sign in ("wt-named", 'class="wt-drawer"'))


def test_a_pane_is_there_for_whoever_will_have_it(people, alice, hello):
    assert 'class="wt-side"' not in printed(alice, "?view=versions")
    assert 'class="wt-drawer"' in printed(alice, "?view=versions")
    assert 'class="wt-drawer"' not in printed(alice, "?view=logs")
    viewer = printed(people.bob(Role.VIEWER))
    assert "wt-named" in viewer


def test_a_device_keeps_by_what_no_other_webtask_gets(alice, hello):
    def number(team="acme"):
        return alice.client.get(f"/t/{team}/hello").context["boot"]["number"]

    first = number()
    rename(alice)
    assert number("zenith") == first
    assert alice.delete("/hello").status_code == 204
    assert alice.post("", {"name": "hello"}).status_code == 201
    assert number("zenith") != first
