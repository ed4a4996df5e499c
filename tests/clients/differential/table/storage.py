"""ctx.storage."""

from tests.clients.differential.case import STORAGE_CODE, Case

CASES = (
    Case(name="storage, what there is", code="module.exports = (ctx, cb) => cb(null, ['storage', 'create_token', 'create_token_url'].map(n => typeof ctx[n]));"),
    Case(name="storage, while the module loads", code="const w = module.webtask; module.exports = cb => cb(null, [typeof w.storage.get, Object.keys(w).sort()]);"),
    Case(name="storage, empty", code="module.exports = (ctx, cb) => ctx.storage.get((err, data) => cb(err, [data === undefined || data === null]));"),
    Case(name="storage, set unread", code="module.exports = (ctx, cb) => { try { ctx.storage.set({ a: 1 }, cb); } catch (error) { cb(null, error.message); } };"),
    Case(name="storage, forced", code="module.exports = (ctx, cb) => ctx.storage.set({ a: [1, null] }, { force: true }, err => err ? cb(err) : ctx.storage.get(cb));"),
    Case(name="storage, forced by 1", code="module.exports = (ctx, cb) => ctx.storage.set('text', { force: 1 }, err => err ? cb(err) : ctx.storage.get(cb));"),
    Case(name="storage, counts", times=3, code="""module.exports = (ctx, cb) => ctx.storage.get((err, data) => {
      if (err) return cb(err);
      const next = { n: ((data || {}).n || 0) + 1 };
      ctx.storage.set(next, err => cb(err, next));
    });"""),
    Case(name="storage, deleted", code="""module.exports = (ctx, cb) => ctx.storage.set({ a: 1 }, { force: true }, err => err ? cb(err)
      : ctx.storage.set(null, { force: true }, err => err ? cb(err) : ctx.storage.get((err, data) => cb(err, [data === undefined || data === null]))));"""),
    Case(name="storage, options first", code="module.exports = (ctx, cb) => ctx.storage.get({}, (err, data) => cb(err, [data === undefined || data === null]));"),
    Case(name="storage, a wrong etag", code="""module.exports = (ctx, cb) => ctx.storage.set({ a: 1 }, { force: true }, err => err ? cb(err)
      : ctx.storage.set({ a: 2 }, { etag: 'other' }, err => cb(null, [err.code, err.conflict])));""", differs={"body.0": STORAGE_CODE}),
)  # fmt: skip
