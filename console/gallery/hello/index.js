module.exports = function (ctx, cb) {
  const name = ctx.query.name || "world";
  console.log("somebody calls:", name);

  // The first argument is an error, the second the answer.
  cb(null, { hello: name });
};
