import type { DiffLook } from "../editor/diff.ts";

const KEY = "webtasks:diff";

/** How comparisons are drawn; remembered on this device for all webtasks. */
class Look implements DiffLook {
  inline = $state(false);
  loosely = $state(false);

  constructor() {
    try {
      const { inline, loosely } = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<DiffLook>;
      this.inline = inline === true;
      this.loosely = loosely === true;
    } catch {
      // As it is without anything remembered.
    }
  }

  set(changes: Partial<DiffLook>): void {
    Object.assign(this, changes);
    try {
      localStorage.setItem(KEY, JSON.stringify({ inline: this.inline, loosely: this.loosely }));
    } catch {
      // A convenience: a full device only forgets it.
    }
  }
}

export const look = new Look();
