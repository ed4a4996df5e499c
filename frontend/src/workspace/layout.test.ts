import { expect, test } from "vitest";

import { parse, print } from "./layout.svelte.ts";

const panes = { side: 320, drawer: 180, drawerOpen: false, railOpen: true };

test("what is written is read back, among other cookies", () => {
  expect(print(panes)).toBe("320.180.0.1");
  expect(parse(`webtasks_theme=dark; webtasks_layout=${print(panes)}; csrftoken=1.2.3.4`)).toEqual(panes);
});

test.each([
  "",
  "webtasks_layout=",
  "webtasks_layout=1.2.3",
  "webtasks_layout=1.2.1.1.1",
  "xwebtasks_layout=1.2.1.1",
])("%j is nobody's layout", (cookies) => expect(parse(cookies)).toBeNull());
