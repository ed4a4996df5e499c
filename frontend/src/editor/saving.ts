import { type Content, same } from "./content.ts";
import type { Draft } from "../lib/types.ts";
import { Copies } from "./copies.ts";
import { Device } from "./device.ts";
import { DraftKeeper, type DraftOptions } from "./draft.svelte.ts";
import { DeviceKeep } from "./kept.ts";
import { Lead } from "./lead.ts";
import { living, nameTab } from "./tab.ts";

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
    // A device that does not answer must not keep the page from opening; what it has stays there.
    return { saving, restored: !brought && (await saving.#recover().catch(() => false)) };
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
      onalone: () =>
        void this.#recover().then(
          (found) => found && this.show(this.draft.content),
          () => {},
        ),
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

  /** Text of tabs that are gone comes into the draft. */
  async #recover(): Promise<boolean> {
    if (this.draft.dirty) return false;
    const alive = await living(await this.#keep.tabs());
    const [newest, ...older] = await this.#keep.left(alive);
    const found = newest !== undefined && this.draft.restore(newest);
    // The server has it: a copy left behind would come up as a conflict after the next change elsewhere.
    if (!found) this.#keep.drop();
    for (const text of older) {
      const had = same(text, this.draft.content) || same(text, this.draft.server);
      if (!had) await this.copies.put("Typed in another tab, which ended", text);
    }
    await this.#keep.dropDead(alive);
    return found;
  }
}
