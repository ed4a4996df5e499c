module.exports = async function (ctx) {
  const { SOURCE_URL, HOOK_URL } = ctx.secrets;
  const { title, url } = await (await ask(SOURCE_URL)).json();

  await ask(HOOK_URL, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text: `Good morning! Today: ${title} ${url}` }),
  });
  return { posted: title };
};

// Ends after ten seconds, and says which of the two it was that failed.
async function ask(url, options) {
  const answer = await fetch(url, { ...options, signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) throw new Error(`${new URL(url).host} answered ${answer.status}`);
  return answer;
}
