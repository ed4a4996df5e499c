import { describe, expect, test } from "vitest";

import { addRow, queryRows, withoutRow, withRow } from "./query.ts";

describe("the query in rows", () => {
  test("is read leniently", () => {
    expect(queryRows("/")).toEqual([]);
    expect(queryRows("/x?a=1&b+c=%C3%A9&flag&d=%zz&e=f=g")).toEqual([
      { name: "a", value: "1" },
      { name: "b c", value: "é" },
      { name: "flag", value: "" },
      { name: "d", value: "%zz" },
      { name: "e", value: "f=g" },
    ]);
  });

  test.each(["a b", "a&b=c", "100%", "1+1", "#x", "é", "%20", "a=b", "?"])(
    "%j survives in both columns",
    (text) => {
      const path = withRow("/x?one=%2F+&two", 1, { name: text, value: text });
      expect(path).toMatch(/^\/x\?one=%2F\+&/);
      expect(queryRows(path)).toEqual([
        { name: "one", value: "/ " },
        { name: text, value: text },
      ]);
    },
  );

  test("rows come and go", () => {
    expect(addRow("/")).toBe("/?");
    expect(queryRows("/?")).toEqual([{ name: "", value: "" }]);
    expect(withRow("/?", 0, { name: "q", value: "" })).toBe("/?q");
    expect(withRow("/?q", 0, { name: "q", value: "1" })).toBe("/?q=1");
    expect(withRow("/?q=1", 0, { name: "q", value: "" })).toBe("/?q=");
    expect(addRow("?q=1")).toBe("?q=1&");
    expect(withoutRow("/?q=1&r", 0)).toBe("/?r");
    expect(withoutRow("/?r", 0)).toBe("/");
  });
});
