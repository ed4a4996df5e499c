"""THE table of limits: what each bounds, its value, who may change it, what happens when it is reached.

The console validates and labels its forms by it, the executor enforces it, docs/limits.md is written from it.
Imports nothing of the project but what a row is.
"""

import sys
from collections.abc import Mapping

from executor.limit import GIB, KIB, MIB, Limit, limit, of_team, wall

# Each row: its name, its title, its unit, then four numbers from the lowest to `most`.
TABLE = (
    limit(
        "wall_ms", "wall time", "ms", (100, 30_000, 300_000, 3_600_000),
        help="How long a request, or a WebSocket, may go on without a byte moving in either direction.",
        caller="504, or a broken connection once the answer has begun",
        log="stopped: nothing answered for 30,000 ms",
        why="Nobody waits longer for a web page; a stream that still moves is never cut.",
    ),
    limit(
        "cpu_ms", "CPU time", "ms", (50, 10_000, 60_000, 3_600_000),
        help="CPU that one request may use, and again for each wall time that it lives on. "
        "What a worker uses is shared evenly among its open requests; without any it counts alike.",
        caller="500; other requests of the same worker 503",
        log="killed: used 10,000 ms of CPU at hello.js:14",
        why="A request that computes for long takes its node's processors from everybody else.",
    ),
    limit(
        "blocked_ms", "blocked event loop", "ms", (100, 2_000, 30_000, 3_600_000),
        help="How long code may run without returning to the event loop. Waiting for a processor does not count.",
        caller="500 Blocked event loop.; other requests of the same worker 503",
        log="killed: event loop blocked for 2,000 ms at hello.js:14",
        why="While the loop is blocked no other request of the webtask is answered.",
    ),
    limit(
        "memory_bytes", "memory", "bytes", (32 * MIB, 128 * MIB, 512 * MIB, 3 * GIB),
        help="JavaScript heap and everything beside it (Buffers, ArrayBuffers, WebAssembly), "
        "counted from the size of the started runtime.",
        caller="500; other requests of the same worker 503. A single piece that is too large is a RangeError",
        log="killed: out of memory: JavaScript heap 5 MiB and native memory",
        why="Holds a large JSON document or a picture; some hundred workers share a node.",
    ),
    wall(
        "heap_bytes", "JavaScript heap", "bytes", 96 * MIB,
        help="The part of the memory that JavaScript objects may take: always three quarters.",
        caller="500; other requests of the same worker 503",
        log="killed: out of memory: JavaScript heap",
        why="V8 then collects garbage in time, and says where it stood when it gives up.",
    ),
    limit(
        "body_bytes", "request body", "bytes", (KIB, 10 * MIB, 100 * MIB, 10 * GIB),
        help="The largest body of a request. Also what a WebSocket may receive in a minute.",
        caller="413, before the webtask sees it where its length was announced",
        log="stopped: the request body is larger than allowed",
        why="Enough for uploads of documents and pictures.",
    ),
    limit(
        "response_bytes", "response", "bytes", (KIB, 100 * MIB, GIB, 1 << 40),
        help="The largest body of an answer. Also what a WebSocket may send in a minute.",
        caller="502 where the length was announced; else a broken connection, so that no part passes for the whole",
        log="stopped: the answer is larger than allowed",
        why="An answer without end costs the node its network.",
    ),
    limit(
        "code_bytes", "code", "bytes", (KIB, MIB, 4 * MIB, 8 * MIB),
        help="The largest text of a webtask.",
        caller="413",
        log="",
        why="Code is kept in every version and compiled on every worker.",
    ),
    limit(
        "storage_bytes", "storage", "bytes", (KIB, 500 * KIB, MIB, 8 * MIB),
        help="The largest document that a webtask may keep, as JSON text.",
        caller="what the webtask makes of an error with code 413",
        log="",
        why="It is read and written whole; what is larger belongs into a database.",
    ),
    limit(
        "packages", "packages", "packages", (0, 200, 200, 200),
        help="npm packages that a webtask may ask for beside those that every webtask has.",
        caller="nothing: who runs or publishes it gets 400",
        log="",
        why="Each is installed, kept with every version and fetched by every node.",
    ),
    limit(
        "concurrency", "requests at once", "requests", (1, 200, 1_000, 10_000),
        help="How many requests of the webtask may be under way on one node.",
        caller="429 with Retry-After",
        log="refused: too many requests at once",
        why="Beyond it the caller had better come again than wait behind all others.",
    ),
    limit(
        "workers", "workers", "workers", (1, 2, 16, 64),
        help="Processes that may serve the webtask on one node while it is busy. One is enough until its requests "
        "wait for the processor or for each other; each has a memory, a state, a log and a network budget of its own.",
        caller="nothing: requests wait for those that are there",
        log="",
        why="A process computes on one processor; more of them are for webtasks that compute.",
    ),
    limit(
        "log_lines", "log lines", "lines", (1, 1_000, 10_000, 100_000),
        per="second",
        help="Lines that may be written to the log; twice as many in one burst.",
        caller="nothing: the request goes on",
        log="1,200 log lines dropped",
        why="Nobody reads more, and everything is stored.",
    ),
    limit(
        "log_bytes", "log text", "bytes", (KIB, MIB, 8 * MIB, GIB),
        per="second",
        help="Text that may be written to the log; twice as much in one burst. A line ends at 16,384 characters.",
        caller="nothing: the request goes on",
        log="1,200 log lines dropped",
        why="Nobody reads more, and everything is stored.",
    ),
    limit(
        "egress_connections", "outbound connections", "connections", (0, 64, 200, 200),
        help="Connections to other hosts that may be open at once. 0 closes the network.",
        caller="what the webtask makes of ECONNRESET",
        log="network: connection to db.example.com:5432 refused: too many at once",
        why="A pool of database connections and some calls; never a scan of the network.",
    ),
    limit(
        "egress_bytes", "outbound traffic", "bytes", (0, 256 * MIB, 4 * GIB, 1 << 40),
        per="minute",
        help="Bytes to and from other hosts.",
        caller="what the webtask makes of ECONNRESET",
        log="network: connection to db.example.com:5432 failed: too much traffic",
        why="A node's network is shared.",
    ),
    of_team(
        "team_concurrency", "the team's requests at once", "requests", (1, 1_000, 5_000, 100_000),
        help="How many requests to all of the team's code may be under way on one node.",
        caller="429 with Retry-After",
        log="refused: too many requests of the team at once",
        why="Each holds a connection and memory of the node, which others need too.",
    ),
    of_team(
        "team_rate", "the team's requests", "requests", (1, 20_000, 100_000, 1_000_000),
        per="second",
        help="How many requests to all of the team's code may begin on one node; as many again in one burst.",
        caller="429 with Retry-After",
        log="refused: the team's requests come too fast",
        why="The node itself works for each of them, however little the code does.",
    ),
    of_team(
        "team_webtasks", "the team's webtasks", "webtasks", (1, 10_000, 100_000, 1_000_000),
        help="How many webtasks the team may have.",
        caller="nothing: who creates one gets 400",
        log="",
        why="Each is kept with its versions, and executors remember it.",
    ),
    wall(
        "threads", "threads", "threads", 48,
        help="Threads of the worker, worker_threads and Node's own included. Processes cannot be started at all.",
        caller="what the webtask makes of ERR_WORKER_INIT_FAILED or EAGAIN",
        log="EAGAIN: … (limit of threads: 48 threads)",
        why="Node itself takes 4 to 8; each costs kernel memory.",
    ),
    wall(
        "descriptors", "file descriptors", "descriptors", 256,
        help="Files, sockets and pipes that may be open at once.",
        caller="what the webtask makes of EMFILE",
        log="EMFILE: … (limit of file descriptors: 256 descriptors)",
        why="Each costs kernel memory; an event loop with hundreds of sockets fits.",
    ),
    wall(
        "tmp_bytes", "size of /tmp", "bytes", 16 * MIB,
        help="Size of /tmp, a memory file system of the worker's own that ends with it. Also the largest file.",
        caller="what the webtask makes of ENOSPC or EFBIG",
        log="ENOSPC: … (limit of size of /tmp: 16 MiB, files in /tmp: 2,000 files)",
        why="It is memory; whatever shall last belongs into storage.",
    ),
    wall(
        "tmp_inodes", "files in /tmp", "files", 2_000,
        help="Files and folders that /tmp may hold.",
        caller="what the webtask makes of ENOSPC",
        log="ENOSPC: … (limit of size of /tmp: 16 MiB, files in /tmp: 2,000 files)",
        why="Each costs kernel memory however small it is.",
    ),
)  # fmt: skip

LIMITS: Mapping[str, Limit] = {row.name: row for row in TABLE}
SETTABLE: Mapping[str, Limit] = {row.name: row for row in TABLE if row.settable}

_PAGE = """\
# Limits

Written from `executor/limits.py` by `script/fix`; a test says when it is stale.

Owners and admins of a team set limits for the team and for each webtask, from the lowest value to the node's ceiling;
what a webtask does not set it has from its team, and what the team does not set from here. What bounds all the code of
a team together is set for the team alone. A lower ceiling of a node
wins over both. Each ceiling is a setting of the node (`WEBTASKS_CEILING_…`, in [settings.md](settings.md)).

Every answer to a request that reached a limit carries the invocation's id. The log of the webtask says which limit it
was, its value, what was used, and for blocked loops and runaway CPU the line of the source.

## Set by team and webtask

| limit | `name` | lowest | default | ceiling | what it bounds |
|---|---|---|---|---|---|
{settable}

## Set by team, for all its code together

| limit | `name` | lowest | default | ceiling | what it bounds |
|---|---|---|---|---|---|
{team}

## The same for every worker

| limit | `name` | value | what it bounds |
|---|---|---|---|
{walls}

## When it is reached

| limit | the caller gets | the log says, for example | why there is one |
|---|---|---|---|
{reached}
"""


def page() -> str:
    """docs/limits.md."""
    return _PAGE.format(
        settable=_settable(team=False),
        team=_settable(team=True),
        walls="\n".join(
            f"| {row.title} | `{row.name}` | {row.text(row.default)} | {row.help} |"
            for row in TABLE
            if not row.settable
        ),
        reached="\n".join(
            f"| {row.title} | {row.caller} | {f'`{row.log}`' if row.log else 'nothing'} | {row.why} |"
            for row in TABLE
        ),
    )


def _settable(*, team: bool) -> str:
    return "\n".join(
        f"| {row.title} | `{row.name}` | {row.text(row.lowest)} | {row.text(row.default)} "
        f"| {row.text(row.ceiling)} | {row.help} |"
        for row in TABLE
        if row.settable and row.team is team
    )


if __name__ == "__main__":
    sys.stdout.write(page())
