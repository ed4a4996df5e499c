const { createHash } = require("node:crypto");

const news = [
  { title: "Version 2 & a half", link: "https://example.com/2.5", date: "2026-11-02" },
  { title: "We are here", link: "https://example.com/hello", date: "2026-10-12" },
];

module.exports = function (ctx, req, res) {
  const feed = rss("Acme news", "https://example.com", news);
  const etag = `"${createHash("sha256").update(feed).digest("hex").slice(0, 16)}"`;
  if (req.headers["if-none-match"] === etag) return res.writeHead(304, { etag }).end();

  res.writeHead(200, { "content-type": "application/rss+xml; charset=utf-8", etag });
  res.end(feed);
};

function rss(title, link, items) {
  const entries = items.map(
    (item) => `<item><title>${escaped(item.title)}</title><link>${escaped(item.link)}</link>` +
      `<guid>${escaped(item.link)}</guid><pubDate>${new Date(item.date).toUTCString()}</pubDate></item>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>${escaped(title)}</title><link>${escaped(link)}</link>
<description>${escaped(title)}</description>
${entries.join("\n")}
</channel></rss>`;
}

function escaped(text) {
  return text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
