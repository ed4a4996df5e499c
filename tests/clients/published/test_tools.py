"""webtask-tools inside webtasks: adapters of other servers, and compilers, at each form of the URL."""

import httpx
import pytest

from tests.clients.published.conftest import TEAM

EXPRESS = """
const app = require('express')();
app.use(require('body-parser').json());
app.get('/', (req, res) => res.json({ path: '/', at: req.originalUrl, secret: req.webtaskContext.secrets.s }));
app.get('/more/:id', (req, res) => res.json({ id: req.params.id, query: req.query }));
app.post('/', (req, res) => res.status(201).json(req.body));
module.exports = EXPORT;
"""
SERVERS = {
    "express": EXPRESS.replace("EXPORT", "require('webtask-tools').fromExpress(app)"),
    "koa": """
const Koa = require('koa'), app = new Koa();
app.use(async ctx => { ctx.body = { id: ctx.path.split('/')[2], query: { ...ctx.query } }; });
module.exports = require('webtask-tools').fromConnect(app.callback());
""",
    "http": """
const server = require('http').createServer((req, res) => {
  const url = new URL(req.url, 'http://x');
  res.end(JSON.stringify({ id: url.pathname.split('/')[2], query: Object.fromEntries(url.searchParams) }));
});
module.exports = require('webtask-tools').fromServer(server);
""",
    "hapi": """
const server = require('@hapi/hapi').server();
server.route({ method: 'GET', path: '/more/{id}', handler: ({ params, query }) => ({ id: params.id, query }) });
const ready = server.initialize(), run = require('webtask-tools').fromServer(server.listener);
module.exports = (ctx, req, res) => ready.then(() => run(ctx, req, res));
""",
}


@pytest.fixture(scope="module")
def http(stack):
    with httpx.Client(timeout=60) as one:
        yield one


@pytest.fixture(scope="module")
def publish(stack, http):
    def one(name, code, **claims):
        answer = http.post(
            f"{stack.url}/api/tokens/issue",
            json={"ten": TEAM, "jtn": name, "code": code, **claims},
            headers={"authorization": f"Bearer {stack.token}"},
        )
        assert answer.status_code == 200, answer.text
        return answer.headers["location"]

    return one


@pytest.mark.parametrize("name", SERVERS)
def test_routes_below_the_webtask(stack, http, publish, name):
    url = publish(f"tools-{name}", SERVERS[name])
    told = {"id": "7", "query": {"a": "1"}}
    assert http.get(f"{url}/more/7?a=1").json() == told
    by_host = http.get(
        f"http://127.0.0.1:{stack.port}/tools-{name}/more/7?a=1", headers={"host": stack.team_host}
    )
    assert by_host.json() == told


def test_the_context_beside_express(http, publish):
    url = publish("tools-context", SERVERS["express"], ectx={"s": "1"})
    assert http.get(url).json() == {"path": "/", "at": f"/api/run/{TEAM}/tools-context", "secret": "1"}
    answer = http.post(url, json={"b": 2})
    assert (answer.status_code, answer.json()) == (201, {"b": 2})


@pytest.mark.parametrize(
    ("compiler", "code", "type_", "text"),
    [
        ("webtask-tools/express", EXPRESS.replace("EXPORT", "app"), "application/json", '"path":"/"'),
        ("webtask-tools/html", "<b>bold</b>", "text/html", "<b>bold</b>"),
        ("webtask-tools/pug", "p= 1 + 1", "text/html", "<p>2</p>"),
    ],
)
def test_compilers(http, publish, compiler, code, type_, text):
    answer = http.get(publish("tools-compiled", code, meta={"wt-compiler": compiler}))
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, type_), answer.text
    assert text in answer.text


def test_an_auth0_extension_always_answers_200(http, publish):
    code = "module.exports = (ctx, cb) => cb(null, { hello: ctx.body.name });"
    url = publish(
        "tools-extension",
        code,
        ectx={"auth0-extension-secret": "open"},
        meta={"wt-compiler": "auth0-ext-compilers/generic"},
    )
    for bearer, told in (
        ("open", {"status": "success", "data": {"hello": "you"}}),
        ("guess", {"status": "error"}),
    ):
        answer = http.post(url, json={"name": "you"}, headers={"authorization": f"Bearer {bearer}"})
        assert answer.status_code == 200
        assert answer.json().items() >= told.items()
