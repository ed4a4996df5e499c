import { editor, MarkerSeverity } from "monaco-editor/editor";

import { complaints, span } from "./compiler.ts";
import { mistakeIn } from "./jsonFormat.ts";
import type { Models } from "./models.ts";

const PAUSE = 400;
/** Between two looks while the compiler does not answer. */
const LONGEST = 10_000;
const CODE = ["javascript", "typescript"];

type Hints = (
  path: string,
  text: string,
) => { start: number; end: number; marker: Partial<editor.IMarkerData> }[];

/** Looks for what is wrong with all files whenever one of them, or what they may use, has changed. */
export class Problems {
  readonly #models: Models;
  readonly #hints: Hints;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #round = 0;
  #failures = 0;

  /** `hints` are told beside what the compiler finds. */
  constructor(models: Models, hints: Hints) {
    this.#models = models;
    this.#hints = hints;
  }

  later(wait = PAUSE): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), wait);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#round++;
  }

  async #look(): Promise<void> {
    const round = ++this.#round;
    const { all } = this.#models;
    for (const path of this.#models.paths) {
      const model = this.#models.of(path);
      if (!model) continue;
      const found = await this.#of(model, all).catch(() => null);
      // A later round is on its way, or the compiler is not ready.
      if (round !== this.#round) return;
      if (!found) return this.later(Math.min(PAUSE * 2 ** this.#failures++, LONGEST));
      if (model.isDisposed()) continue;
      this.#failures = 0;
      editor.setModelMarkers(model, "code", found);
      editor.setModelMarkers(model, "hints", this.#hinted(path, model));
    }
  }

  async #of(model: editor.ITextModel, all: editor.ITextModel[]): Promise<editor.IMarkerData[]> {
    if (CODE.includes(model.getLanguageId())) return complaints(model, all);
    const mistake = model.getLanguageId() === "json" ? mistakeIn(model.getValue()) : null;
    if (!mistake) return [];
    return [
      {
        ...span(model, mistake.at, mistake.at + 1),
        severity: MarkerSeverity.Error,
        message: mistake.message,
      },
    ];
  }

  #hinted(path: string, model: editor.ITextModel): editor.IMarkerData[] {
    if (!CODE.includes(model.getLanguageId())) return [];
    return this.#hints(path, model.getValue()).map(({ start, end, marker }) => ({
      ...span(model, start, end),
      severity: MarkerSeverity.Info,
      message: "",
      ...marker,
    }));
  }
}
