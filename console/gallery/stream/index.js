const EVENTS = 3;

module.exports = function (ctx, req, res) {
  res.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });

  let id = Number(req.headers["last-event-id"]) || 0;
  const timer = setInterval(() => {
    id += 1;
    res.write(`id: ${id}\ndata: ${JSON.stringify({ tick: id })}\n\n`);
    if (id >= EVENTS) res.end();
  }, 200);

  // Also when the reader leaves before the end.
  res.on("close", () => clearInterval(timer));
};
