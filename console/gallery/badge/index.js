const HEIGHT = 20;

module.exports = function (ctx, req, res) {
  const { label = "status", value = "ok", color = "2f7d4f" } = ctx.query;
  res.writeHead(200, {
    "content-type": "image/svg+xml; charset=utf-8",
    // Whoever shows it asks again after a minute.
    "cache-control": "max-age=60",
  });
  res.end(badge(label, value, /^[0-9a-f]{6}$/i.test(color) ? color : "555555"));
};

function badge(label, value, color) {
  const [left, right] = [label, value].map((text) => 12 + text.length * 7);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="${HEIGHT}" role="img">
<title>${escaped(label)}: ${escaped(value)}</title>
<rect width="${left}" height="${HEIGHT}" fill="#444"/>
<rect x="${left}" width="${right}" height="${HEIGHT}" fill="#${color}"/>
<g fill="#fff" font-family="sans-serif" font-size="11" text-anchor="middle">
<text x="${left / 2}" y="14">${escaped(label)}</text><text x="${left + right / 2}" y="14">${escaped(value)}</text>
</g></svg>`;
}

function escaped(text) {
  return String(text).replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
