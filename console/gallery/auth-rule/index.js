const ALLOWED = ["example.com"];

// The shape of an Auth0 rule: call back with an error to refuse, or with both to go on.
function rule(user, context, callback) {
  const domain = String(user.email).split("@").pop().toLowerCase();
  if (!user.email_verified) return callback(new Refusal("Please confirm your address first."));
  if (!ALLOWED.includes(domain)) return callback(new Refusal(`Only for people of ${ALLOWED.join(", ")}.`));

  context.idToken = { ...context.idToken, "https://example.com/roles": ["member"] };
  callback(null, user, context);
}

class Refusal extends Error {}

module.exports = function (ctx, cb) {
  const { user, context } = ctx.body ?? {};
  if (!user) return cb(new Error('Send {"user": …, "context": …} as JSON.'));

  rule(user, context ?? {}, (error, user, context) => {
    // A refusal is an answer; any other error is a fault of ours.
    if (error instanceof Refusal) return cb(null, { allowed: false, reason: error.message });
    cb(error, { allowed: true, user, context });
  });
};
