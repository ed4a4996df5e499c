import { editor, type IDisposable, Range } from "monaco-editor/editor";

import "./flags.css";
import type { Models } from "./models.ts";
import type { Flag } from "./port.ts";

/** Longer names end in dots: it is read beside the code. */
const LONGEST = 24;

interface Drawn {
  flag: Flag;
  model: editor.ITextModel;
  line: number;
  decorations: string[];
}

/**
 * The names of others after the lines where they type, and a bar before them. Nothing of the text is covered: the name stands behind
 * it. Who reads the page by ear hears of them from the list of people.
 */
export class Flags {
  readonly #models: Models;
  #flags: Flag[] = [];
  #told = "[]";
  #drawn: Drawn[] = [];
  #listeners: IDisposable[] = [];

  constructor(models: Models) {
    this.#models = models;
  }

  show(flags: Flag[]): void {
    // A flag moves with the text around it, and goes back only when its person said something new.
    const told = JSON.stringify(flags);
    if (told === this.#told) return;
    this.#told = told;
    this.#flags = flags;
    this.draw();
  }

  /** Again, on models that are others by now. */
  draw(): void {
    this.clear();
    this.#drawn = this.#flags.flatMap((flag) => {
      const model = this.#models.of(flag.path);
      if (!model) return [];
      return [{ flag, model, line: Math.min(flag.line, model.getLineCount()), decorations: [] }];
    });
    for (const model of new Set(this.#drawn.map(({ model }) => model)))
      this.#listeners.push(model.onDidChangeContent(() => this.#follow(model)));
    this.#drawn.forEach(place);
  }

  clear(): void {
    this.#listeners.forEach((listener) => listener.dispose());
    this.#listeners = [];
    for (const { model, decorations } of this.#drawn)
      if (!model.isDisposed()) model.deltaDecorations(decorations, []);
    this.#drawn = [];
  }

  /** A line that became two has its flag at the end of the first. */
  #follow(model: editor.ITextModel): void {
    for (const drawn of this.#drawn.filter((one) => one.model === model)) {
      drawn.line = model.getDecorationRange(drawn.decorations[0] ?? "")?.startLineNumber ?? drawn.line;
      place(drawn);
    }
  }
}

function place(drawn: Drawn): void {
  const { flag, model, line } = drawn;
  const name = flag.name.length > LONGEST ? `${flag.name.slice(0, LONGEST - 1)}…` : flag.name;
  drawn.decorations = model.deltaDecorations(drawn.decorations, [
    {
      range: new Range(line, 1, line, model.getLineMaxColumn(line)),
      options: {
        after: {
          content: name,
          inlineClassName: `wt-flag wt-flag-${flag.tone}`,
          inlineClassNameAffectsLetterSpacing: true,
          cursorStops: editor.InjectedTextCursorStops.None,
        },
        linesDecorationsClassName: `wt-flag-bar wt-flag-${flag.tone}`,
        linesDecorationsTooltip: `${flag.name} is editing here`,
        showIfCollapsed: true,
        stickiness: editor.TrackedRangeStickiness.NeverGrowsWhenTypingAtEdges,
      },
    },
  ]);
}
