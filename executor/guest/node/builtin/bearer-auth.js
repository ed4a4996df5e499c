"use strict";

const { credentialOf, denial, same } = require("./denial");

const SECRET = "wt-auth-secret";

/**
 * Lets in who knows the secret `wt-auth-secret`, and everybody where there is none.
 *
 * @returns {import('.').Middleware}
 */
function bearer() {
  return (request, _response, next) => {
    const secret = request.webtaskContext.secrets?.[SECRET];
    if (!secret || same(credentialOf(request), secret)) return next();
    return next(denial(401, "Unauthenticated extensibility point"));
  };
}

exports.bearer = bearer;
