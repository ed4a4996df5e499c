import { type Content, EMPTY, same } from "../../editor/content.ts";
import { type Choice, chosen, type Hunk, join, merge } from "../../editor/merge.ts";
import { clock } from "../../lib/format.ts";
import type { Session } from "../session.svelte.ts";

/** Two texts that were one. */
export interface Sides {
  base: Content;
  theirs: Content;
  yours: Content;
  /** What theirs is called; yours is "Your text". */
  called: string;
  /** The version that a merge contains. */
  onto: number | null;
  /** Theirs is a draft that nothing else keeps; otherwise it is a published version. */
  unpublished: boolean;
}

export async function sidesOf({ draft, api, live }: Session): Promise<Sides> {
  const version = (number: number | null): Promise<Content> | Content =>
    number === null ? EMPTY : api.version(number);
  const { theirs, content: yours } = draft;
  if (theirs) {
    const base = draft.ancestor ?? (await version(theirs.base));
    const called = theirs.saved_at ? `Saved elsewhere at ${clock(theirs.saved_at)}` : "Live, without a draft";
    return { base, theirs, yours, called, onto: theirs.base, unpublished: theirs.etag !== "" };
  }
  const number = live?.number ?? null;
  const [base, over] = await Promise.all([version(draft.server.base), version(number)]);
  const called = number === null ? "Nothing is live" : `v${number}, live`;
  return { base, theirs: over, yours, called, onto: number, unpublished: false };
}

/** One stretch of the result. */
export class Row {
  readonly hunk: Hunk;
  /** Null: the file is not there. */
  text = $state<string | null>(null);
  choice = $state<Choice | null>(null);
  settled = $state(false);

  constructor(hunk: Hunk) {
    this.hunk = hunk;
    this.text = chosen(hunk);
    this.settled = hunk.origin !== "conflict";
    if (hunk.origin === "theirs" || hunk.origin === "yours") this.choice = hunk.origin;
  }

  choose(choice: Choice): void {
    this.text = chosen(this.hunk, choice);
    this.choice = choice;
    this.settled = true;
  }

  write(text: string): void {
    this.text = text;
    this.choice = null;
    this.settled = true;
  }
}

/** A merge on its way: what was chosen and typed so far. */
export class Merging {
  readonly sides: Sides;
  readonly files: { path: string; rows: Row[] }[];

  constructor(sides: Sides) {
    this.sides = sides;
    const files = merge(sides.base, sides.theirs, sides.yours);
    this.files = files
      .map(({ path, hunks }) => ({ path, rows: hunks.map((hunk) => new Row(hunk)) }))
      .filter(({ path, rows }) => path === "" || rows.length > 0);
  }

  get conflicts(): Row[] {
    return this.files.flatMap(({ rows }) => rows.filter(({ hunk }) => hunk.origin === "conflict"));
  }

  get unresolved(): number {
    return this.conflicts.filter(({ settled }) => !settled).length;
  }

  get result(): Content {
    const texts = this.files.map(({ path, rows }) => [path, join(rows.map(({ text }) => text))] as const);
    const files = texts.filter(([path, text]) => path !== "" && text !== null);
    return { code: texts[0]?.[1] ?? "", files: Object.fromEntries(files) as Content["files"] };
  }

  /**
   * The result becomes the draft and is shown, upon which `shown` is called; what it does not contain is a copy. Throws a
   * Problem where none can be kept.
   */
  async use(session: Session, shown: () => void): Promise<void> {
    const { result, sides } = this;
    const { draft, saving } = session;
    if (sides.unpublished && !same(result, sides.theirs))
      await saving.copies.put("Saved elsewhere, before you merged", sides.theirs);
    if (!same(result, draft.content)) await saving.copies.put("Yours, before you merged", draft.content);
    await draft.settle(sides.onto, () => {
      session.show(result);
      shown();
      return result;
    });
  }
}

const open = new WeakMap<Session, Merging>();

/** The same again as long as the same two texts wait: closing the dialog loses no choice. */
export async function mergingOf(session: Session): Promise<Merging> {
  const sides = await sidesOf(session);
  const before = open.get(session);
  const unchanged =
    before &&
    before.sides.onto === sides.onto &&
    same(before.sides.theirs, sides.theirs) &&
    same(before.sides.yours, sides.yours);
  if (unchanged) return before;
  const merging = new Merging(sides);
  open.set(session, merging);
  return merging;
}
