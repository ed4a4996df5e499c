import { type Content, same } from "./content.ts";
import type { Draft } from "../lib/types.ts";
import { Copies } from "./copies.ts";
import { Device } from "./device.ts";
import { DraftKeeper, type DraftOptions } from "./draft.svelte.ts";
import { DeviceKeep, type KeptText } from "./kept.ts";
import { Lead } from "./lead.ts";
import { type Alive, gone, living, nameTab } from "./tab.ts";

interface Options extends Omit<DraftOptions, "keep"> {
  webtask: string;
  /** What this device kept stays where it is while its person may not edit. */
  edits: boolean;
  /** The draft as the server has it now. */
  latest: () => Promise<Draft>;
}

/** Everything that keeps one webtask's text from being lost: its draft, this device, the other tabs, the copies. */
export class Saving {
  readonly draft: DraftKeeper;
  readonly copies: Copies;
  readonly lead: Lead;
  /** How text that comes from elsewhere gets into the editor. */
  show: (content: Content) => void = () => {};
  readonly #keep: DeviceKeep;

  /** `restored`: the text is one that this device had kept and the server never got. */
  static async open(options: Options): Promise<{ saving: Saving; restored: boolean }> {
    const [device, tab] = await Promise.all([Device.open(), nameTab()]);
    const saving = new Saving(options, device, tab);
    if (!options.edits) return { saving, restored: false };
    const brought = await saving.lead.take();
    return { saving, restored: !brought && (await saving.#recover(true)) };
  }

  private constructor(options: Options, device: Device | null, tab: string) {
    const { webtask } = options;
    this.#keep = new DeviceKeep(localStorage, device, webtask, tab);
    this.draft = new DraftKeeper({ ...options, keep: this.#keep });
    this.copies = new Copies(device, webtask);
    this.lead = new Lead({
      webtask,
      tab,
      draft: this.draft,
      show: (content) => this.show(content),
      latest: options.latest,
      aside: (content) => this.copies.put("Yours, when this tab took over from another", content),
      forget: () => this.#keep.drop(),
      onalone: () => void this.#recover(),
    });
  }

  /** After a conflict: the other text wins, ours is a copy. Throws a Problem where no copy can be kept. */
  async takeTheirs(): Promise<void> {
    await this.copies.put("Yours, when you took what was saved elsewhere", this.draft.content);
    this.show(this.draft.takeTheirs());
  }

  /** After a conflict: our text wins, the other is a copy. Throws a Problem where no copy can be kept. */
  async keepMine(): Promise<void> {
    const { theirs } = this.draft;
    if (!theirs) return;
    await this.copies.put("Saved elsewhere, when you kept yours", theirs);
    await this.draft.settle(theirs.base, () => this.draft.content);
  }

  /** The page may be ending. */
  leave(): void {
    this.#keep.hold();
    void this.draft.soon();
  }

  /** Text of tabs that are gone comes into the draft; that of a tab which only seems alive, when it is gone. */
  async #recover(opening = false): Promise<boolean> {
    try {
      const tabs = await this.#keep.tabs();
      const alive = await living(tabs);
      for (const tab of tabs.filter(alive)) void gone(tab).then(() => this.#recover());
      return await this.#take(alive, opening);
    } catch {
      // A device that does not answer must not keep the page from opening; what it has stays there.
      return false;
    }
  }

  async #take(alive: Alive, opening: boolean): Promise<boolean> {
    const texts = await this.#keep.left(alive, opening);
    // Somebody typed here meanwhile: what was left is there for the next page.
    if (this.draft.dirty) return false;
    const { server } = this.draft;
    const [newest] = texts;
    // What a person sees already gives way to a text that was written on it, and to no other.
    const fits = (text: KeptText) => opening || (text.etag === server.etag && text.base === server.base);
    const found = newest !== undefined && fits(newest) && this.draft.restore(newest);
    if (found) this.show(newest);
    // The server has what this tab had: a copy left behind would come up as a conflict after the next change elsewhere.
    else this.#keep.drop();
    for (const text of texts) {
      const had = same(text, this.draft.content) || same(text, server);
      if (!had) await this.copies.put("Typed in another tab, which ended", text);
    }
    await this.#keep.dropDead(alive);
    return found;
  }
}
