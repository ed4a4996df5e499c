// The guard "GitHub" has checked the signature: what comes here is from GitHub.
module.exports = async function (ctx) {
  const event = ctx.headers["x-github-event"];
  if (event === "ping") return { pong: ctx.body.zen };
  if (event !== "push") return { ignored: event };

  const { repository, pusher, commits } = ctx.body;
  for (const commit of commits) {
    console.log(`${repository.full_name}: ${pusher.name} pushed ${commit.id.slice(0, 7)} ${commit.message}`);
  }
  return { seen: commits.length };
};
