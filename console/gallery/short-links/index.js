export default {
  async fetch(request, env, ctx) {
    const links = (await ctx.storage.get()) ?? {};
    if (request.method === "POST") return add(request, env, ctx, links);

    const name = new URL(request.url).pathname.split("/").pop();
    if (!Object.hasOwn(links, name)) return new Response(`No link is called ${name}.`, { status: 404 });
    return Response.redirect(links[name], 302);
  },
};

async function add(request, env, ctx, links) {
  if (!env.WRITE_KEY || request.headers.get("authorization") !== `Bearer ${env.WRITE_KEY}`) {
    return new Response("Making links takes the write key.", { status: 401 });
  }
  const { name = "", to } = await request.json();
  const isAddress = URL.canParse(to) && /^https?:/.test(to);
  if (!/^[\w-]{1,40}$/.test(name) || !isAddress) {
    return new Response('Send {"name": "docs", "to": "https://…"}.', { status: 400 });
  }
  await ctx.storage.set({ ...links, [name]: to });
  return Response.json({ name, to }, { status: 201 });
}
