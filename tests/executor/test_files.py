"""A webtask of several files, on the real stack."""

from tests.stack import Member


def test_code_loads_the_files_beside_it(owner: Member):
    code = 'module.exports = cb => cb(null, { sum: require("./lib/add")(1, require("./data").two) });'
    files = {"lib/add.js": "module.exports = (a, b) => a + b;", "data.json": '{ "two": 2 }'}
    owner.publish("files", code, "Three files", files=files)
    assert owner.http.get("/api/run/acme/files").json() == {"sum": 3}
