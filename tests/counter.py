"""A webtask that counts in its document, and a caller who remembers what he was told."""

import threading

import httpx

from tests.stack import Stack

# The loop that the documentation shows: on a conflict merge, then set again.
COUNTER = """module.exports = (ctx, cb) => ctx.storage.get((err, data) => {
  if (err) return cb(err);
  data = data || { n: 0 };
  data.n++;
  ctx.storage.set(data, function done(err) {
    if (!err) return cb(null, data.n);
    if (err.code !== 409) return cb(err);
    data.n = err.conflict.n + 1;
    ctx.storage.set(data, done);
  });
})"""


class Caller:
    """Calls the webtask again and again until nothing answers; `last` is the highest number acknowledged."""

    def __init__(self, stack: Stack, name: str) -> None:
        self.last = 0
        self._url = f"{stack.url}/api/run/acme/{name}"
        self._thread = threading.Thread(target=self._call, daemon=True)
        self._thread.start()

    def _call(self) -> None:
        with httpx.Client() as client:
            try:
                while (answer := client.get(self._url)).status_code == 200:
                    self.last = answer.json()
            except httpx.HTTPError:
                return

    def join(self) -> None:
        self._thread.join(30)
