const ORIGIN = "https://www.example.com";

export default {
  async fetch(request, env) {
    if (request.method !== "GET") return new Response("Only GET is passed on.", { status: 405 });

    const url = new URL(env.UPSTREAM_URL);
    url.search = new URL(request.url).search;
    const answer = await fetch(url, { headers: { authorization: `Bearer ${env.API_KEY}` } });

    // Of its headers no more than a page needs; the body is passed on unread.
    return new Response(answer.body, {
      status: answer.status,
      headers: {
        "content-type": answer.headers.get("content-type") ?? "application/octet-stream",
        "access-control-allow-origin": ORIGIN,
      },
    });
  },
};
