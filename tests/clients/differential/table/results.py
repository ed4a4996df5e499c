"""What becomes of what the callback is given."""

from tests.clients.differential.case import SERIALISED, Case


def _given(name: str, value: str, **more: object) -> Case:
    return Case(name=f"result, {name}", code=f"module.exports = cb => cb(null, {value});", **more)  # type: ignore[arg-type]


CASES = (
    _given("an object", "{ a: [1, 'two', null, true], b: { c: {} } }"),
    _given("a text", "'text'"),
    _given("a number", "42"),
    _given("true", "true"),
    _given("an array", "[]"),
    _given("null", "null"),
    _given("undefined", "undefined"),
    _given("zero", "0"),
    _given("false", "false"),
    _given("an empty text", "''"),
    _given("not a number", "NaN"),
    _given("infinity", "Infinity"),
    _given("a Buffer", "Buffer.from('ab')"),
    _given("a date", "new Date(0)"),
    _given("toJSON", "{ toJSON: () => ({ made: true }) }"),
    _given("holes and undefined", "[undefined, , () => 1, { a: undefined }]"),
    _given("an error", "new Error('as data')"),
    _given("a function", "() => 1", differs={"body": SERIALISED}),
    _given("UTF-8", "'é🐱\\u2028'"),
    _given("an object without a prototype", "Object.assign(Object.create(null), { a: 1 })"),
    _given("a map", "new Map([[1, 2]])"),
    Case(name="result, nothing", code="module.exports = cb => cb();"),
    Case(name="result, later", code="module.exports = cb => setTimeout(cb, 5, null, 'later');"),
    Case(name="result, twice", code="module.exports = cb => { cb(null, 1); try { cb(null, 2); } catch {} };"),
)
