"use strict";

// Every function of sandboxjs against one server, one after another; prints what each gave, or its error, as JSON.

const { createRequire } = require("node:module");
const Sandbox = createRequire(`${__dirname}/published.js`)("sandboxjs");

const [url, container, token] = process.argv.slice(2);
const profile = Sandbox.init({ url, container, token });
const results = {};

const step = async (name, does) => {
  try {
    results[name] = (await does()) ?? null;
  } catch (error) {
    results[name] = { error: error.message, status: error.statusCode };
  }
  return results[name];
};

const NAMED = "module.exports = (ctx, cb) => cb(null, { data: ctx.data, meta: ctx.meta });";
const STORE = `module.exports = (ctx, cb) => ctx.storage.get((error, data) => {
  if (error) return cb(error);
  const next = { count: ((data || {}).count || 0) + 1 };
  ctx.storage.set(next, (error) => cb(error, next));
});`;

const webtasks = async () => {
  const made = await profile.create(NAMED, {
    name: "sandbox", secrets: { s: "1" }, params: { p: "2" }, meta: { kind: "sandbox" }, merge: true,
  });
  await step("create", () => ({ ...made.toJSON(), meta: made.meta }));
  await step("run", async () => {
    const { statusCode, body } = await made.run({ method: "post", query: { q: "3" }, body: { b: "4" } });
    return { statusCode, body };
  });
  await step("run, deeper", async () => (await made.run({ path: "more" })).statusCode);
  await step("inspect", () => made.inspect({ decrypt: true, fetch_code: true, meta: true }));
  await step("inspectWebtask", () => profile.inspectWebtask({ name: "sandbox", decrypt: true, fetch_code: true, meta: true }));
  await step("getWebtask", async () => {
    const got = await profile.getWebtask({ name: "sandbox", decrypt: true, fetch_code: true });
    return { secrets: got.secrets, code: got.code, meta: got.meta, url: got.url };
  });
  await step("listWebtasks", async () => {
    const all = await profile.listWebtasks({ meta: { kind: "sandbox" } });
    return all.map((one) => ({ ...one.toJSON(), token: one.token.split(".").length, meta: one.meta }));
  });
  await step("listWebtasks, paged", async () => (await profile.listWebtasks({ offset: 0, limit: 1 })).length);
  await step("update", async () => {
    const updated = await made.update({ code: NAMED.replace("meta:", "again:") });
    return (await updated.run()).body;
  });
  await step("updateWebtask, without", async () => {
    const updated = await profile.updateWebtask({ name: "sandbox", secrets: false, params: false, meta: false, code: NAMED });
    return (await updated.run()).body;
  });
  await step("createWebtask", async () => {
    const put = await profile.createWebtask({ name: "put", code: NAMED, secrets: { s: "5" }, meta: { m: "6" } });
    return { url: put.url, meta: put.meta, ran: (await put.run()).body };
  });
  await step("createWebtask, both", () => profile.createWebtask({ name: "put", code: NAMED, url: "http://x" }));
  await step("createWebtask, neither", () => profile.createWebtask({ name: "put" }));
  await step("createUrl", () => profile.createUrl({ code: NAMED, name: "sandbox-url" }));
  await step("createUrl, host", () => profile.createUrl({ code: NAMED, name: "hosted", host: "my.example.com" }));
  await step("createRaw", async () => (await profile.createRaw({ ten: container, jtn: "raw", code: NAMED })).url);
  await step("remove", async () => [await made.remove(), (await made.run()).statusCode]);
  await step("removeWebtask, gone", () => profile.removeWebtask({ name: "sandbox" }));
  await step("getWebtask, gone", () => profile.getWebtask({ name: "sandbox" }));
};

const tokens = async () => {
  await step("run, unnamed", async () => (await profile.run("module.exports = (ctx, cb) => cb(null, ctx.query);", { query: { a: "1" } })).body);
  await step("createToken", () => profile.createToken({ code: NAMED, include_webtask_url: true }));
  await step("createToken, limits", async () => {
    const made = await profile.createToken({ tokenLimit: { second: 5 }, containerLimit: { minute: 6 } });
    const { lts, lm } = await profile.inspectToken({ token: made });
    return { lts, lm };
  });
  await step("createTokenRaw, unknown", () => profile.createTokenRaw({ ten: container, nonsense: 1 }));
  await step("createTokenRaw, wrong type", () => profile.createTokenRaw({ ten: container, dd: "many" }));
  await step("createTokenRaw, elsewhere", () => profile.createTokenRaw({ ten: "elsewhere" }));
  await step("inspectToken, garbage", () => profile.inspectToken({ token: "garbage" }));
  await step("revokeToken", async () => {
    const made = await profile.createTokenRaw({ ten: container });
    const { statusCode } = await profile.revokeToken(made);
    const own = Sandbox.init({ url, container, token: made });
    return [statusCode, await own.listWebtasks().catch((error) => error.statusCode)];
  });
  await step("a stranger", () => Sandbox.init({ url, container, token: "stranger" }).listWebtasks());
  await step("fromToken", () => ({ container: Sandbox.fromToken(token, { url }).container }));
};

const storage = async () => {
  const made = await profile.create(STORE, { name: "store" });
  await step("getStorage, empty", () => profile.getStorage({ name: "store" }));
  await made.run();
  await step("storage, counted", async () => (await made.run()).body);
  const kept = await step("getStorage", () => made.getStorage({ name: "store" }));
  await step("updateStorage", () => profile.updateStorage({ data: { count: 10 }, etag: kept.etag }, { name: "store" }));
  await step("updateStorage, stale", () => profile.updateStorage({ data: { count: 20 }, etag: kept.etag }, { name: "store" }));
  await step("updateStorage, forced", () => profile.updateStorage({ data: { count: 30 } }, { name: "store" }));
  await step("storage, after", async () => (await made.run()).body);
  await step("getStorage, gone", () => profile.getStorage({ name: "never" }));
};

const cron = async () => {
  const made = await profile.create(NAMED, { name: "ticks", meta: { kind: "cron" } });
  const job = await made.createCronJob({ schedule: "*/5 * * * *", tz: "Europe/Berlin" });
  const plain = ({ name, container: of, schedule, state, tz, meta, run_count, error_count }) => ({ name, of, schedule, state, tz, meta, run_count, error_count });
  await step("createCronJob", () => plain(job));
  await step("job.refresh", async () => plain(await job.refresh()));
  await step("job.inspect", async () => (await job.inspect({ meta: true })).jtn);
  await step("job.setJobState", async () => (await job.setJobState({ state: "inactive" })).state);
  await step("setCronJobState", async () => (await profile.setCronJobState({ name: "ticks", state: "active" })).state);
  await step("listCronJobs", async () => (await profile.listCronJobs({ meta: { kind: "cron" } })).map(plain));
  await step("getCronJob", async () => plain(await profile.getCronJob({ name: "ticks" })));
  await step("job.getHistory", () => job.getHistory({ offset: 0, limit: 5 }));
  await step("createCronJob, bad", () => profile.createCronJob({ name: "ticks", token: made.token, schedule: "never" }));
  await step("job.remove", async () => (await job.remove()).name);
  await step("removeCronJob, gone", () => profile.removeCronJob({ name: "ticks" }));
  await step("getCronJob, gone", () => profile.getCronJob({ name: "ticks" }));
};

const modules = async () => {
  await step("listNodeModuleVersions", () => profile.listNodeModuleVersions({ name: "webtask-tools" }));
  await step("listNodeModuleVersions, scoped", () => profile.listNodeModuleVersions({ name: "@hapi/hapi" }));
  await step("listNodeModuleVersions, none", () => profile.listNodeModuleVersions({ name: "no-such-package-of-anybody" }));
  await step("ensureNodeModules, of the registry", async () => {
    const modules = [{ name: "greeting", version: "1.2.3" }];
    for (;;) {
      const [module] = await profile.ensureNodeModules({ modules });
      if (module.state !== "queued") return module;
      await new Promise((done) => setTimeout(done, 100));
    }
  });
  await step("a package of the registry", async () => {
    const meta = { "wt-node-dependencies": JSON.stringify({ greeting: "1.2.3" }) };
    const code = "module.exports = cb => cb(null, [require('greeting'), require('greeting@1.2.3')]);";
    return (await (await profile.create(code, { name: "greets", meta })).run()).body;
  });
  await step("ensureNodeModules", () => profile.ensureNodeModules({ modules: [{ name: "@webtask/middleware-compiler", version: "1.5.2" }] }));
};

const parts = { webtasks, tokens, storage, cron, modules };

const main = async () => {
  for (const part of process.argv.slice(5)) {
    await parts[part]().catch((error) => { results[part] = { error: error.stack, status: error.statusCode }; });
  }
  process.stdout.write(JSON.stringify(results), () => process.exit());
};

main();
