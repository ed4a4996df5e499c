// Slack sends a form: what follows the command is `text`, who typed it `user_name`.
module.exports = function (ctx, cb) {
  const { text = "", user_name: user } = ctx.body;
  const found = /^(\d{1,2})d(\d{1,3})$/.exec(text.trim() || "1d6");
  if (!found) return cb(null, { text: "Say how many dice and of how many sides: /roll 2d6" });

  const [count, sides] = found.slice(1).map(Number);
  const dice = Array.from({ length: count }, () => 1 + Math.floor(Math.random() * sides));
  const sum = dice.reduce((sum, die) => sum + die, 0);

  // "in_channel" shows it to everybody; without it only who asked sees it.
  cb(null, { response_type: "in_channel", text: `${user} rolls ${dice.join(" + ")} = ${sum}` });
};
