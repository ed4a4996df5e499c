const planets = {
  mercury: { moons: 0, day: "176 d" },
  earth: { moons: 1, day: "24 h" },
  mars: { moons: 2, day: "24 h 40 min" },
};

const routes = [
  { method: "GET", path: /\/planets\/?$/, answer: () => Object.keys(planets) },
  { method: "GET", path: /\/planets\/(\w+)$/, answer: (name) => planets[name] },
];

module.exports = function (ctx, req, res) {
  const [path] = req.url.split("?");
  const route = routes.find((one) => one.method === req.method && one.path.test(path));
  const found = route?.answer(...path.match(route.path).slice(1));

  if (found === undefined) return send(res, 404, { error: `Nothing answers ${req.method} here. Try GET …/planets.` });
  send(res, 200, found);
};

function send(res, status, data) {
  res.writeHead(status, { "content-type": "application/json" });
  res.end(JSON.stringify(data));
}
