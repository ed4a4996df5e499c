module.exports = function (ctx, req, res) {
  if (req.method !== "POST") return page(res, form);

  let text = "";
  req.setEncoding("utf8");
  req.on("data", (part) => (text += part));
  req.on("end", () => {
    const name = new URLSearchParams(text).get("name") ?? "";
    console.log("the form came from", name);
    page(res, `<h1>Thank you, ${escaped(name)}!</h1>`);
  });
};

const form = `
<h1>Who are you?</h1>
<form method="post">
  <label>Name <input name="name" required></label>
  <button>Send</button>
</form>`;

function page(res, body) {
  res.writeHead(200, { "content-type": "text/html; charset=utf-8" });
  res.end(`<!doctype html><html lang="en"><title>Form</title><body>${body}</body></html>`);
}

function escaped(text) {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
