"""wt logs: what webtasks print, as it happens."""

import httpx

from tests.clients.published.test_webtasks import made

CODE = "module.exports = (ctx, cb) => { console.log('line', ctx.data.n); cb(null, 1); };"


def heard(running, url, pattern, **params):
    """Calls the webtask until the client, which says it is connected before it is, prints what it logged."""
    for _ in range(20):
        httpx.get(url, params=params)
        try:
            return running.says(pattern, within=1)
        except TimeoutError:
            continue
    raise AssertionError(pattern)


def test_logs(client):
    url = made(client, "--name chatty", stdin=CODE)
    with client.start("logs") as running, client.start("logs --verbose") as verbose:
        running.says("connected to streaming logs")
        heard(running, url, r"line 7", n=7)
        running.says(r"finished webtask request .*HTTP 200 in \d+ms")
        heard(verbose, url, r"line 8", n=8)
        verbose.says(r"req_id=\w+")
        assert (running.end(), verbose.end()) == (0, 0)


def test_a_stranger(stack, client):
    own = ("--url", stack.url, "--container", "acme", "--token", "stranger")
    with client.start("logs", *own) as running:
        running.says("Error connecting to streaming log endpoint: Connection closed")
        assert running.end() == 7
