"""System: the walls of each executor as it reports them, probed again and attacked from the page, live."""

import pytest
from django.utils import timezone

from console.accounts.models import AuditEvent
from console.webtasks import attacks, nodes
from console.webtasks.models import AttackRun, Executor
from tests.console.test_link import wait_for
from tests.console.test_records import event

pytestmark = pytest.mark.django_db(transaction=True)

API = "/api/system/executors"
REPORT = {
    "mode": "root",
    "serves": True,
    "layers": [
        {"name": "seccomp", "state": "active", "keeps": "k", "reason": "", "remedy": "", "accepted": False},
        {"name": "net", "state": "weaker", "keeps": "k", "reason": "r", "remedy": "do", "accepted": True},
    ],
    "runtimes": {"node": {"version": "24", "allowed": 80, "checked": 9, "total": 89, "refused": 5, "deadly": 30}},
    "kernel": {"release": "6.1", "landlock": 2, "cgroup": "v2", "userns": True, "none": None},
}  # fmt: skip


@pytest.fixture
def staff(people):
    """Charlie, who belongs to another team: System is about the nodes."""
    people.charlie.user.is_staff = True
    people.charlie.user.save()
    return people.charlie


@pytest.fixture
def node(listener, people):
    opened = []

    def node(name="node-1", boot="boot-1", isolation=REPORT):
        link = listener.link()
        opened.append(link)
        link.say(t="hello", executor=name, boot=boot, isolation=isolation)
        link.until("welcome")
        return link

    yield node
    for link in opened:
        link.close()


@pytest.fixture
def screen(listener, staff):
    """The page of the staff, subscribed."""
    socket = listener.tail(staff.client)
    socket.say(t="sub", topic="system", since=None)
    socket.until("subscribed")
    yield socket
    socket.close()


def start(staff):
    return staff.client.post(f"{API}/{Executor.objects.get().pk}/attacks")


def modes(news):
    return [executor["isolation"]["mode"] for executor in news["executors"]]


def attempt(name, *, passed=True):
    texts = {"language": "js", "group": "process", "expected": "EPERM", "outcome": "EPERM", "detail": ""}
    return {"name": name, **texts, "passed": passed, "ms": 12.34}


def test_what_an_executor_reports_is_shown(staff, node):
    node()
    (shown,) = staff.client.get(API).json()
    assert (shown["name"], shown["online"], shown["isolation"]["mode"]) == ("node-1", True, "root")
    assert [layer["state"] for layer in shown["isolation"]["layers"]] == ["active", "weaker"]
    assert shown["isolation"]["runtimes"][0]["total"] == 89
    facts = {fact["name"]: fact["value"] for fact in shown["isolation"]["kernel"]}
    assert facts == {"release": "6.1", "landlock": "2", "cgroup": "v2", "userns": "yes", "none": "none"}


@pytest.mark.parametrize(
    "report",
    [None, {}, [], "x", {"layers": 3, "runtimes": [], "kernel": None}, {"layers": [3, None, {}], "serves": "yes"},
     {"layers": [{"state": "splendid"}], "runtimes": {"node": {"total": -1, "allowed": True, "deadly": 1e300}}}],
)  # fmt: skip
def test_a_report_of_another_shape_is_shown_as_far_as_it_goes(staff, node, report):
    node(isolation=report)
    isolation = staff.client.get(API).json()[0]["isolation"]
    assert isolation is None or not isolation["serves"]
    assert isolation is None or all(layer["state"] == "missing" for layer in isolation["layers"])


def test_probing_again_asks_the_executor_and_shows_its_answer(staff, node, screen):
    node("other", "boot-2")
    link = node()
    screen.until("executors")
    number = Executor.objects.get(name="node-1").pk
    assert staff.client.post(f"{API}/{number}/inspect").status_code == 202
    asked = link.until("inspect")
    link.say(t="isolation", run=asked["run"], report={**REPORT, "mode": "container"})
    # Its readiness may be told first.
    while modes(screen.until("executors")) != ["container"]:
        pass
    assert Executor.objects.get(pk=number).state["isolation"]["mode"] == "container"


def test_an_attack_run_from_the_button_to_its_end(staff, node, screen):
    link = node()
    run = start(staff)
    assert run.status_code == 202
    name = link.until("attack")["run"]
    assert name == run.json()["run"]
    assert screen.until("attacks")["run"]["finished_at"] is None
    link.say(t="attacked", run=name, attack=attempt("fork_is_refused"))
    first = screen.until("attacks")
    assert ([result["name"] for result in first["results"]], first["from"]) == (["fork_is_refused"], 0)
    link.say(t="attacked", run=name, attack=attempt("ptrace_is_deadly", passed=False))
    second = screen.until("attacks")
    assert ([result["passed"] for result in second["results"]], second["from"]) == ([False], 1)
    link.say(t="attacks_over", run=name, passed=1, failed=1, error="")
    over = screen.until("attacks")["run"]
    assert (over["passed"], over["failed"], over["finished_at"] is None) == (1, 1, False)
    kept = staff.client.get(f"{API}/{run.json()['executor']}/attacks").json()
    assert [result["name"] for result in kept["results"]] == ["fork_is_refused", "ptrace_is_deadly"]
    assert AuditEvent.objects.get(action="executor.attack").object == "node-1"


def test_one_run_at_a_time(staff, node):
    link = node()
    first = start(staff).json()["run"]
    assert (start(staff).status_code, start(staff).json()["id"]) == (409, "busy")
    link.say(t="attacks_over", run=first, passed=0, failed=0, error="no worker to be had")
    wait_for(lambda: AttackRun.objects.get().finished_at)
    assert AttackRun.objects.get().error == "no worker to be had"
    assert start(staff).status_code == 202


def test_a_run_ends_with_its_executors_link(staff, node):
    link = node()
    start(staff)
    link.close()
    wait_for(lambda: AttackRun.objects.get().finished_at)
    assert "went away" in AttackRun.objects.get().error


def test_a_run_that_a_dead_console_left_behind_ends_when_the_executor_comes_back(staff, node):
    node().close()
    wait_for(lambda: not Executor.objects.get().online)
    AttackRun.objects.create(run="r", executor=Executor.objects.get(), started_at=timezone.now())
    node()
    assert AttackRun.objects.get().finished_at
    assert start(staff).status_code == 202


def test_what_an_attack_printed_is_made_storable(staff, node):
    link = node()
    run = start(staff).json()["run"]
    said = {**attempt("a"), "detail": "\x00\ud800" * 9000, "ms": "x", "passed": "yes"}
    link.say(t="attacked", run=run, attack=said)
    link.say(t="attacks_over", run=run, passed=0, failed=1, error="\x00")
    wait_for(lambda: AttackRun.objects.get().finished_at)
    (kept,) = AttackRun.objects.get().results
    assert (kept["passed"], kept["ms"], "\x00" in kept["detail"]) == (False, 0.0, False)


def test_an_executor_without_a_link_can_be_neither_probed_nor_attacked(staff, node):
    node().close()
    wait_for(lambda: not Executor.objects.get().online)
    number = Executor.objects.get().pk
    for what in ("inspect", "attacks"):
        answer = staff.client.post(f"{API}/{number}/{what}")
        assert (answer.status_code, answer.json()["id"]) == (502, "executor-unreachable")


def test_another_executors_run_is_left_alone(staff, node):
    link = node()
    run = start(staff).json()["run"]
    link.until("attack")
    attacks.note("node-2", run, attempt("forged"))
    attacks.finish("node-2", run, error="forged")
    assert (AttackRun.objects.get().results, AttackRun.objects.get().finished_at) == ([], None)


def test_the_last_few_runs_are_kept(staff, node):
    link = node()
    for _ in range(attacks.KEPT + 2):
        run = start(staff).json()["run"]
        link.say(t="attacks_over", run=run, passed=0, failed=0, error="")
        wait_for(lambda run=run: AttackRun.objects.get(run=run).finished_at)
    assert AttackRun.objects.count() == attacks.KEPT
    assert [shown.run for shown in nodes.last_runs()] == [run]


@pytest.mark.parametrize(
    "said", [{"t": "attacked", "run": "x", "attack": {}}, {"t": "attacked", "run": "x", "attack": None},
             {"t": "attacks_over", "run": "x"}]
)  # fmt: skip
def test_news_of_an_unknown_run_is_passed_over(node, said):
    link = node()
    link.say(**said)
    link.say(t="records", seq=1)
    assert link.until("ack")["seq"] == 1


def test_security_events_are_shown_as_they_come(staff, hello, node, screen):
    link = node()
    link.say(t="records", seq=1, events=[event("ptrace"), event("bpf")])
    told = screen.until("events")["events"]
    assert [(entry["what"], entry["executor"], entry["webtask"]) for entry in told] == [
        ("ptrace", "node-1", "hello"),
        ("bpf", "node-1", "hello"),
    ]
    assert [entry["what"] for entry in staff.client.get("/api/system/events?limit=1").json()] == ["bpf"]


def test_only_staff_may_watch(listener, alice, node, staff):
    node()
    socket = listener.tail(alice.client)
    socket.say(t="sub", topic="system", since=None)
    assert socket.until("problem")["problem"]["status"] == 403
    socket.close()


def test_the_first_news_after_being_dismissed_does_not_come(staff, node, screen):
    staff.user.is_staff = False
    staff.user.save()
    node()
    assert screen.hear()["problem"]["status"] == 403


def test_a_teams_limits_are_announced_to_all_its_webtasks(alice, hello, node):
    link = node()
    alice.client.patch("/api/teams/acme/limits", {"wall_ms": 1000}, content_type="application/json")
    change = link.until("change")
    assert (change["team"], change["webtask"]) == ("acme", None)
