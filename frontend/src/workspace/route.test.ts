import { expect, test, vi } from "vitest";

vi.stubGlobal("location", { search: "", pathname: "/t/acme/hello" });
const { parse, print } = await import("./route.svelte.ts");

test.each(["", "?version=3", "?view=changes", "?version=3&view=changes"])(
  "%j survives reading and printing",
  (search) => {
    expect(print(parse(search))).toBe(search);
  },
);

test.each(["?version=0", "?version=-1", "?version=1.5", "?version=x", "?view=other"])(
  "%s is the draft",
  (search) => {
    expect(parse(search)).toEqual({ version: null, changes: false });
  },
);
