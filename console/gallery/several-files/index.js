const { price } = require("./lib/price");
const rates = require("./data/rates.json");

module.exports = async function (ctx) {
  const { country = "de", net = "0" } = ctx.query;
  if (!Object.hasOwn(rates, country)) return { error: `Known are ${Object.keys(rates).join(", ")}.` };
  return price(Number(net), rates[country]);
};
