"""User code shares the process: what it does to the globals must not stop the serving."""

import pytest

VANDALS = {
    "JSON": "JSON.stringify = JSON.parse = () => { throw new Error('vandal') }",
    "Buffer": "for (const k of ['from', 'alloc', 'allocUnsafe', 'concat', 'byteLength']) Buffer[k] = () => { throw new Error('vandal') }",
    "buffer methods": "for (const k of ['utf8Write', 'utf8Slice', 'set', 'subarray']) Buffer.prototype[k] = () => { throw new Error('vandal') }",
    "fs": "require('fs').writeSync = () => { throw new Error('vandal') }",
    "process": "process.nextTick = setImmediate = setTimeout = () => {}; process.exit = process.reallyExit = () => {}",
    "Date": "Date = undefined",
    "console": "console = undefined",
    "Object": "Object.keys = Object.hasOwn = Object.assign = () => { throw new Error('vandal') }",
    "array toJSON": "Array.prototype.toJSON = function () { return 'vandal' }; Object.prototype.toJSON = function () { return 'vandal' }",
    "array iteration": "Array.prototype[Symbol.iterator] = () => { throw new Error('vandal') }",
    "array push": "Array.prototype.push = () => { throw new Error('vandal') }",
    "Promise": "Promise.prototype.then = Promise.resolve = () => { throw new Error('vandal') }; Promise = undefined",
    "Map": "Map.prototype.get = Map.prototype.set = () => { throw new Error('vandal') }",
    "error": "Error.prepareStackTrace = () => { throw new Error('vandal') }; Error.prototype.toString = () => { throw 1 }",
    "inspect": "require('util').inspect = () => { throw new Error('vandal') }",
    "querystring": "require('querystring').parse = () => { throw new Error('vandal') }",
    "http": "const http = require('http'); http.IncomingMessage = http.ServerResponse = undefined",
    "module": "require('module').prototype._compile = () => { throw new Error('vandal') }",
    "pollution": "Object.prototype.type = Object.prototype.body = Object.prototype.get = 'vandal'",
}

# Node's own http module does not survive these, so no response of model 3 can.
NODES_OWN = {"Buffer", "array push"}


@pytest.mark.parametrize("name", VANDALS)
async def test_serving_survives_vandalism(guest, name):
    vandal = await guest.run(f"module.exports = cb => {{ {VANDALS[name]}; cb(null, 'done'); }}")
    assert vandal.status == 200
    assert (await guest.run("module.exports = cb => cb(null, 'text')")).json == ("text")
    echo = guest.load("module.exports = (ctx, cb) => cb(null, ctx.query.a + ctx.body_raw)")
    assert (await guest.post(echo, b"body", url="/?a=1").answer()).json == "1body"
    if name not in NODES_OWN:
        answer = await guest.run(
            "module.exports = (ctx, req, res) => { res.setHeader('a', ['b', 'c']); res.end('x'); }"
        )
        assert (answer.headers[:4], answer.body) == (["a", "b", "a", "c"], b"x")
    assert (await guest.run("module.exports = cb => { throw 'no' }")).json["code"] == 500


@pytest.mark.parametrize("name", VANDALS)
async def test_a_crash_is_answered_in_spite_of_vandalism(guest, name):
    answer = await guest.run(
        f"module.exports = cb => {{ queueMicrotask(() => {{ throw 'no' }}); {VANDALS[name]}; }}"
    )
    assert (answer.status, answer.ending) == (500, "end")
    assert await guest.exit == 70


async def test_modules_of_one_deployment_do_not_see_anothers(guest):
    guest.load("require.cache.mine = 1; exports.x = 1; module.exports = cb => cb()", secrets={"s": "1"})
    answer = await guest.run("module.exports = cb => cb(null, Object.keys(module.webtask.secrets))")
    assert answer.json == []


async def test_memory_is_told_without_proc(blind):
    usage = (
        await blind.run("module.exports = cb => cb(null, [process.memoryUsage(), process.memoryUsage.rss()])")
    ).json
    assert usage[0].keys() == {"rss", "heapTotal", "heapUsed", "external", "arrayBuffers"}
    assert usage[1] > usage[0]["heapUsed"] > 1_000_000


HOST = """
const os = require('os');
module.exports = async cb => cb(null, [
  os.cpus().length, os.availableParallelism(), os.totalmem(), process.constrainedMemory(), os.loadavg(), os.networkInterfaces(),
  os.release(), os.version(), os.hostname(), os.uptime() < 3600, os.freemem() < os.totalmem(), process.availableMemory() < os.totalmem(),
  (await import('os')).hostname(),
]);
"""


async def test_the_hosts_size_load_and_addresses_are_not_told(guest):
    budget = 128 * 1024 * 1024
    told = [1, 1, budget, budget, [0, 0, 0], {}, "", "", "webtask", True, True, True, "webtask"]
    assert (await guest.run(HOST)).json == told
