// In cents, so that no half cent is lost on the way.
exports.price = function (net, rate) {
  const cents = Math.round(net * 100);
  const tax = Math.round((cents * rate) / 100);
  return { net: cents / 100, tax: tax / 100, gross: (cents + tax) / 100 };
};
