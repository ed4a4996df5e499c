"""wt create, ls, inspect, update and rm."""

import httpx

from tests.clients.published.conftest import TEAM

HELLO = "module.exports = function (ctx, cb) { cb(null, { hello: ctx.data.name || 'world' }); };"
TELL = "module.exports = function (ctx, cb) { cb(null, { secrets: ctx.secrets, params: ctx.params, meta: ctx.meta, data: ctx.data, body: ctx.body }); };"


def made(client, command, *, stdin=""):
    """Creates a webtask; its URL."""
    said = client.wt(f"create {command} --output json", stdin=stdin)
    return said.json["url"]


def test_hello_from_a_file(stack, client):
    client.write("hello.js", HELLO)
    url = f"{stack.url}/api/run/{TEAM}/hello"
    with client.start("create hello.js") as running:
        running.says(f"Webtask created[\\s\\S]*{url}")
        assert running.process.wait(60) == 0
    answer = httpx.get(url, params={"name": "you"})
    assert (answer.status_code, answer.json()) == (200, {"hello": "you"})
    assert answer.headers["x-wt-response-source"] == "webtask"


def test_secrets_params_and_meta(stack, client):
    client.write("settings.env", "FROM_FILE=1\nTOKEN=file")
    client.write("meta.env", "of=file")
    client.write("tell.js", TELL)
    url = made(client, "tell.js --name tell --secret TOKEN=s3cret= --secrets-file settings.env --param color=red --meta kind=test --meta-file meta.env")  # fmt: skip
    told = httpx.post(url, json={"more": 1}).json()
    assert told["secrets"] == {"TOKEN": "s3cret=", "FROM_FILE": "1"}
    assert told["params"] == {"color": "red"}
    assert told["meta"] == {"kind": "test", "of": "file"}
    assert told["data"] == {"TOKEN": "s3cret=", "FROM_FILE": "1", "color": "red", "more": 1}

    inspected = client.wt("inspect tell --decrypt --fetch-code --output json").json
    assert inspected["ten"] == TEAM
    assert inspected["jtn"] == "tell"
    assert inspected["ectx"] == told["secrets"]
    assert inspected["pctx"] == told["params"]
    assert inspected["meta"] == told["meta"]
    assert inspected["code"] == TELL
    closed = client.wt("inspect tell")
    assert closed.rows["Token.jtn"] == "tell"
    assert "s3cret" not in closed.out
    assert "module.exports" not in closed.out

    client.write("tell2.js", TELL.replace("{ secrets", "{ again: true, secrets"))
    assert "Webtask updated" in client.wt("update tell tell2.js").out
    again = httpx.get(url).json()
    assert (again["again"], again["secrets"], again["meta"]) == (True, told["secrets"], told["meta"])

    named = client.wt("ls --meta kind=test --output json --show-token").json
    assert [(item["name"], item["container"], item["url"], item["meta"]) for item in named] == [
        ("tell", TEAM, url, told["meta"])
    ]
    assert named[0]["token"].count(".") == 2
    assert "Meta.kind:" in client.wt("ls --verbose --details --limit 100 --offset 0").out

    assert "Removed webtask: tell" in client.wt("rm tell").out
    assert "No such webtask" in client.wt("rm tell", code=5).err
    assert httpx.get(url).status_code == 404


def test_merge_and_parse_are_the_callers_choice(client):
    client.write(
        "body.js", "module.exports = (ctx, req, res) => res.end(JSON.stringify([ctx.body, ctx.data]));"
    )
    url = made(client, "body.js --name body --parse-body --no-merge")
    assert httpx.post(url, json={"a": 1}).json() == [{"a": 1}, {}]


def test_from_standard_input_by_every_sign_a_name_may_have(client):
    url = made(client, "--name='-Az09._~!$+=:@'", stdin=HELLO)
    assert httpx.get(url).json() == {"hello": "world"}


def test_code_at_a_url(stack, owner, client):
    owner.publish(
        "source",
        "module.exports = (ctx, req, res) => res.end(\"module.exports = cb => cb(null, 'captured');\");",
    )
    url = made(client, f"{stack.url}/api/run/{TEAM}/source --capture --name captured")
    assert httpx.get(url).json() == "captured"
    url = made(client, f"{stack.url}/api/run/{TEAM}/source --name fetched")
    answer = httpx.get(url)
    # The address is this machine's own: the executor does not fetch from there, whoever asks.
    assert (answer.status_code, answer.headers["x-wt-response-source"]) == (400, "proxy")


def test_bundled(client):
    client.write("bundled/package.json", '{ "name": "bundled", "version": "1.0.0" }')
    client.write("bundled/lib/name.js", "export const name = 'bundle';")
    client.write(
        "bundled/index.js", "import { name } from './lib/name';\nmodule.exports = cb => cb(null, { name });"
    )
    url = made(client, "bundled/index.js --name bundled --bundle --ignore-package-json")
    assert httpx.get(url).json() == {"name": "bundle"}


def test_watched(client):
    path = client.write("watched.js", "module.exports = cb => cb(null, 1);")
    with client.start("create watched.js --name watched --watch") as running:
        url = running.says(r"Webtask created: (\S+)").group(1)
        assert httpx.get(url).json() == 1
        path.write_text("module.exports = cb => cb(null, 2);")
        running.says(r"Webtask created: [\s\S]*Webtask created: ")
        assert httpx.get(url).json() == 2


def test_a_token_of_nobody(stack, client):
    said = client.wt("ls --url", stack.url, "--container", TEAM, "--token", "nobody", code=6)
    assert said.err.strip()
