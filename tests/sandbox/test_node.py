"""The Node runtime: what it is made of, and that ordinary code works behind the walls."""

import json
import sysconfig

import pytest

from executor.runtimes import node, selftest
from executor.runtimes.selftest import SelfTestFailed
from tests.sandbox.ground import begin, policy_of

PROMISES = {
    "files": 'fs.writeFile("/tmp/a", "text").then(() => fs.readFile("/tmp/a", "utf8"))',
    "thread": (
        "new Promise((done) => new (require('node:worker_threads').Worker)"
        "('require(`node:worker_threads`).parentPort.postMessage(6 * 7)', { eval: true }).on('message', done))"
    ),
    "pool": 'require("node:util").promisify(require("node:crypto").pbkdf2)("a", "b", 10, 4, "sha1").then((key) => key.length)',
    "zip": 'require("node:util").promisify(require("node:zlib").gzip)("x").then((data) => data.length > 0)',
    "wasm": "WebAssembly.instantiate(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)).then(() => true)",
    "module": 'import("data:text/javascript,export default 5").then((found) => found.default)',
    "name": 'require("node:dns").promises.lookup("localhost").then((found) => found.address)',
    "user": 'Promise.resolve(require("node:os").userInfo().username)',
    "host": 'Promise.resolve(require("node:os").hostname())',
    "zone": 'Promise.resolve(new Date(0).toLocaleTimeString("de", { timeZone: "Europe/Berlin" }))',
    "database": (
        "Promise.resolve(new (require('node:sqlite').DatabaseSync)('/tmp/d').prepare('select 1 as n').get().n)"
    ),
}


async def test_ordinary_code_works(data):
    promises = ", ".join(f"{name}: {code}" for name, code in PROMISES.items())
    program = f"""
        const fs = require("node:fs/promises");
        const all = {{ {promises} }};
        Promise.all(Object.entries(all).map(async ([name, it]) => [name, await it.catch(String)]))
            .then((results) => console.log(JSON.stringify(Object.fromEntries(results))));
    """
    running = await begin(data, program)
    _, said, complained = await running.finish()
    assert said, complained
    assert json.loads(said) == {
        "files": "text",
        "thread": 42,
        "pool": 4,
        "zip": True,
        "wasm": True,
        "module": 5,
        "name": "127.0.0.1",
        "user": "webtask",
        "host": "webtask",
        "zone": "01:00:00",
        "database": 1,
    }


async def test_the_self_test_passes_and_names_the_version(data):
    version = await node.self_test(node.prepare(data))
    assert version.split(".")[0] == "24"


@pytest.mark.parametrize(
    ("program", "reason"), [("process.exit(3)", "code=3"), ('throw Error("broken")', "code=1")]
)
async def test_a_self_test_that_fails_says_how(data, program, reason):
    with pytest.raises(SelfTestFailed, match=reason):
        await selftest.run(policy_of(data, program), accept_weaker=frozenset())


def test_node_is_the_packages_not_the_systems():
    assert node.binary().is_relative_to(sysconfig.get_path("purelib"))


def test_the_root_holds_the_guest_and_no_more_than_it_needs(tmp_path):
    guest = tmp_path / "guest"
    (guest / "deep").mkdir(parents=True)
    (guest / "main.js").write_text("main")
    (guest / "deep" / "part.js").write_text("part")
    (guest / "notes.txt").write_text("not code")
    root = node.prepare(tmp_path / "data", guest)
    found = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
    libraries = {name for name in found if name.startswith(("lib", "usr/lib"))}
    etc = {
        f"etc/{name}"
        for name in ("passwd", "group", "hosts", "nsswitch.conf", "resolv.conf", "ssl/openssl.cnf")
    }
    assert found - libraries == {"bin/node", "rt/main.js", "rt/deep/part.js", *etc}
    assert any("ld-linux" in name for name in libraries)
