import { type IDisposable, MarkerSeverity } from "monaco-editor/editor";

import { onDeclared } from "./declarations.ts";
import { offerFixes } from "./fixes.ts";
import { type Hint, hintsIn, wordsOf } from "./hints.ts";
import { Known } from "./known.ts";
import type { Models } from "./models.ts";
import type { Surroundings } from "./port.ts";
import { Problems } from "./problems.ts";
import { completeRequests } from "./requests.ts";

const PAUSE = 600;
const SEVERITIES = {
  secret: MarkerSeverity.Info,
  module: MarkerSeverity.Warning,
  file: MarkerSeverity.Error,
};

/** Watches what is written: finds its problems, and learns what it uses. */
export class Watch {
  readonly #models: Models;
  readonly #problems: Problems;
  readonly #held: IDisposable[];
  #known: Known | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(element: HTMLElement, models: Models) {
    this.#models = models;
    this.#problems = new Problems(models, (path, text) =>
      this.#hints(path, text).map((hint) => ({
        ...hint,
        marker: { message: wordsOf(hint), severity: SEVERITIES[hint.kind] },
      })),
    );
    this.#held = [
      onDeclared(() => this.#problems.later()),
      completeRequests(models, () => this.#known?.modules ?? null),
      this.#onSight(element),
    ];
    this.later();
  }

  surround({ api, storage, addSecret, install }: Surroundings): void {
    this.#known = new Known(api, storage, () => this.later());
    void this.#known.refresh();
    const fixes = {
      secret: addSecret,
      module: install && ((name: string) => void install(name).then(() => this.#known?.refresh())),
    };
    this.#held.push(offerFixes(this.#models, (path, text) => this.#hints(path, text), fixes));
  }

  later(): void {
    this.#problems.later();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#learn(), PAUSE);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#problems.dispose();
    this.#held.forEach((one) => one.dispose());
  }

  #hints(path: string, text: string): Hint[] {
    return hintsIn(
      path,
      text,
      this.#models.paths,
      this.#known ?? { secrets: null, params: null, modules: null },
    );
  }

  async #learn(): Promise<void> {
    const code = this.#models.all.map((model) => model.getValue()).join("\n");
    if (/\bstorage\b/.test(code)) await this.#known?.learnStored();
    await this.#known?.learnTypes(code);
  }

  /** What there is may have been changed in another view: asked anew whenever the editor comes into sight. */
  #onSight(element: HTMLElement): IDisposable {
    const sight = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) void this.#known?.refresh();
    });
    sight.observe(element);
    return { dispose: () => sight.disconnect() };
  }
}
