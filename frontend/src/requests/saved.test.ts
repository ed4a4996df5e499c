import { describe, expect, test } from "vitest";

import { RequestForm } from "./request.svelte.ts";
import { MOST_SAVED, type Shelf } from "./saved.svelte.ts";

class Device implements Shelf {
  readonly kept = new Map<string, string>();
  full = false;

  getItem(key: string): string | null {
    return this.kept.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    if (this.full) throw new DOMException("full", "QuotaExceededError");
    this.kept.set(key, value);
  }
}

const pasted = {
  method: "POST",
  path: "/p?a=1",
  headers: [
    ["X-A", "b"],
    ["Authorization", "Basic c2VjcmV0"],
  ] as [string, string][],
  body: "{}",
  token: "",
  left: [],
};

describe("the request on this device", () => {
  test("comes back as it was left, without who asked", () => {
    const device = new Device();
    const form = new RequestForm("acme/hello", device);
    form.paste(pasted);
    form.token = "very-secret";
    form.remember();
    form.saved.save("one", form);
    expect([...device.kept.values()].join()).not.toMatch(/secret|c2VjcmV0/);
    const { method, path, headers, body, token } = new RequestForm("acme/hello", device);
    expect({ method, path, headers, body, token }).toEqual({
      method: "POST",
      path: "/p?a=1",
      headers: "X-A: b",
      body: "{}",
      token: "",
    });
    expect(new RequestForm("acme/other", device).path).toBe("/");
  });

  test("what a paste or a saved one replaced can come back", () => {
    const form = new RequestForm("acme/hello", new Device());
    form.path = "/mine";
    form.token = "me";
    expect(form.replaced).toBe(false);
    form.paste(pasted);
    expect([form.path, form.token]).toEqual(["/p?a=1", ""]);
    form.undo();
    expect([form.path, form.token, form.replaced]).toEqual(["/mine", "me", false]);
    form.apply({ method: "PUT", path: "/s", headers: "", body: "" });
    expect([form.path, form.token]).toEqual(["/s", "me"]);
  });

  test("a token is sent as a bearer, once, and only when it can be", () => {
    const form = new RequestForm("acme/hello", new Device());
    form.token = " abc ";
    expect(form.toRequest().headers).toEqual([["Authorization", "Bearer abc"]]);
    form.headers = "authorization: x";
    expect(form.error).toMatch("empty one of the two");
    form.headers = "";
    form.token = "a b";
    expect(form.error).toMatch("one word");
  });
});

describe("saved requests", () => {
  const request = { method: "GET", path: "/a", headers: "", body: "" };
  const fresh = () => {
    const device = new Device();
    return { device, saved: new RequestForm("acme/hello", device).saved };
  };

  test("are named, replaced, renamed and deleted, and all tabs agree", () => {
    const { device, saved } = fresh();
    const other = new RequestForm("acme/hello", device).saved;
    saved.save(" first ", request);
    other.save("second", request);
    saved.save("first", { ...request, path: "/b" });
    expect(saved.list.map(({ name, path }) => `${name} ${path}`)).toEqual(["first /b", "second /a"]);
    expect(saved.rename("first", "second")).toBe(false);
    expect(saved.trouble).toBe("There is a “second” already.");
    expect(saved.rename("first", "third")).toBe(true);
    saved.remove("second");
    expect(saved.list.map(({ name }) => name)).toEqual(["third"]);
    expect(saved.trouble).toBe("");
  });

  test("a device without room says so, and shows what it has", () => {
    const { device, saved } = fresh();
    saved.save("first", request);
    device.full = true;
    expect(saved.save("second", request)).toBe(false);
    expect(saved.trouble).toBe("This device has no room to keep it.");
    expect(saved.list.map(({ name }) => name)).toEqual(["first"]);
  });

  test("there is a most", () => {
    const { saved } = fresh();
    for (let index = 0; index < MOST_SAVED; index += 1) saved.save(`n${index}`, request);
    expect(saved.save("more", request)).toBe(false);
    expect(saved.save("n0", request)).toBe(true);
    expect(saved.list).toHaveLength(MOST_SAVED);
  });

  test.each(["{", "{}", '[{"name":1}]', "null"])("%s on the device is nothing", (text) => {
    const device = new Device();
    device.kept.set("webtasks:requests:acme/hello", text);
    expect(new RequestForm("acme/hello", device).saved.list).toEqual([]);
  });
});
