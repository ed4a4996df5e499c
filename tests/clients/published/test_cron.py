"""wt cron create, ls, get, history, reschedule, update, rm, schedule."""

import json

import httpx

CODE = "module.exports = (ctx, cb) => cb(null, { ran: (ctx.body || {}).name || 0 });"


def test_a_jobs_life(stack, client):
    client.write("job.js", CODE)
    made = client.wt(
        "cron create job.js --name job --schedule 5m --meta of=job --secret s=1 --no-auth --tz Europe/Berlin"
    ).rows
    assert (made["Name"], made["State"], made["Timezone"], made["Meta.of"]) == (
        "job",
        "active",
        "Europe/Berlin",
        "job",
    )
    job = client.wt("cron get job --output json").json
    assert (job["name"], job["container"], job["state"], job["tz"]) == (
        "job",
        "acme",
        "active",
        "Europe/Berlin",
    )
    assert (job["run_count"], job["error_count"]) == (0, 0)
    listed = client.wt("cron ls --meta of=job --output json").json
    assert [item["name"] for item in listed] == ["job"]
    assert client.wt("cron history job --output json").json == []
    moved = client.wt("cron reschedule job --schedule '5 9 * * 2' --tz UTC --state inactive").rows
    assert (moved["Schedule"], moved["Timezone"], moved["State"], moved["Meta.of"]) == (
        "5 9 * * 2",
        "UTC",
        "inactive",
        "job",
    )
    client.write("job2.js", CODE.replace("ran", "again"))
    updated = client.wt("cron update job job2.js").rows
    assert (updated["Schedule"], updated["State"]) == ("5 9 * * 2", "inactive")
    assert httpx.get(f"{stack.url}/api/run/acme/job").json().keys() == {"again"}
    assert client.wt("cron rm job --output json").json is True
    assert "No such webtask" in client.wt("cron get job", code=5).err


def test_schedules_that_are_none(client):
    client.write("job.js", CODE)
    assert (
        "Invalid cron job"
        in client.wt("cron create job.js --name bad --schedule '61 * * * *' --no-auth", code=2).err
    )
    assert "deprecated" in client.wt("cron schedule", code=2).err


def test_only_the_scheduler_calls_it(stack, client):
    client.write("guarded.js", CODE)
    client.wt("cron create guarded.js --name guarded --schedule 1d")
    job = client.wt("cron get guarded --output json").json
    meta = job["meta"]
    assert meta["wt-compiler"] == "@webtask/middleware-compiler"
    assert json.loads(meta["wt-node-dependencies"]).keys() == {
        "@webtask/middleware-compiler",
        "@webtask/cron-auth-middleware",
    }
    answer = httpx.post(f"{stack.url}/api/run/acme/guarded", json={})
    assert answer.status_code in (401, 403)
    answer = httpx.post(
        f"{stack.url}/api/run/acme/guarded", json=job, headers={"authorization": f"Bearer {job['token']}"}
    )
    assert (answer.status_code, answer.json()) == (200, {"ran": "guarded"})
