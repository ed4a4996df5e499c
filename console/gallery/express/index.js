const express = require("express");
const { fromExpress } = require("webtask-tools");

const app = express();
app.use(express.json());

app.get("/", (req, res) => res.send("Try POST /sum with [1, 2, 3]."));

app.post("/sum", (req, res) => {
  if (!Array.isArray(req.body)) return res.status(400).json({ error: "Send a list of numbers." });
  res.json({ sum: req.body.reduce((sum, one) => sum + Number(one), 0) });
});

module.exports = fromExpress(app);
