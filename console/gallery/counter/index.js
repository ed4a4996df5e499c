module.exports = function (ctx, cb) {
  ctx.storage.get((error, data) => {
    if (error) return cb(error);
    count(ctx, data?.count ?? 0, cb);
  });
};

function count(ctx, before, cb) {
  const data = { count: before + 1 };
  ctx.storage.set(data, (error) => {
    // Another call was faster: count on from what it wrote.
    if (error?.code === 409) return count(ctx, error.conflict?.count ?? 0, cb);
    cb(error, data);
  });
}
