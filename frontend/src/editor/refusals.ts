import { Problem } from "../lib/problem.ts";

/** What stands in the way of a save without the server's word, or in better words than its own. */
export function savedElsewhere(): Problem {
  return new Problem(412, {
    title: "Someone saved elsewhere",
    detail:
      "This draft was changed on another device or by another program. Choose which text to go on with.",
  });
}

export function openElsewhere(): Problem {
  return new Problem(-1, {
    title: "Open in another tab",
    detail: "This tab only shows what is saved there. Take over to go on here.",
  });
}

export function tooLarge(size: number, limit: number): Problem {
  const detail = `${size.toLocaleString("en")} of ${limit.toLocaleString("en")} bytes.`;
  return new Problem(413, { title: "The code is too large to save", detail });
}
