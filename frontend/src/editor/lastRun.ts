import { editor, MarkerSeverity, Range } from "monaco-editor/editor";

import { type Content, textOf } from "./content.ts";
import { faultIn } from "./fault.ts";
import type { Models } from "./models.ts";

interface Shown {
  model: editor.ITextModel;
  /** The line as it failed: another text is not what failed. */
  text: string;
  message: string;
  column: number;
  decorations: string[];
  listener: { dispose(): void };
}

/** Where the last run failed, on its line, until that line is changed. */
export class LastRun {
  readonly #models: Models;
  readonly #entry: string;
  #shown: Shown | null = null;

  constructor(models: Models, entry: string) {
    this.#models = models;
    this.#entry = entry;
  }

  /** "" when it did not fail. `ran` is the code that did. */
  tell(stack: string, ran: Content): void {
    this.clear();
    const fault = stack ? faultIn(stack, this.#models.paths) : null;
    const model = fault && this.#models.of(fault.path);
    if (!model || fault.line > model.getLineCount()) return;
    const text = model.getLineContent(fault.line);
    // What was typed while it ran may have moved it.
    if (textOf(ran, fault.path, this.#entry)?.split(/\r\n|\r|\n/)[fault.line - 1] !== text) return;
    const { message, column, line } = fault;
    const listener = model.onDidChangeContent(() => this.#changed());
    this.#shown = { model, text, message, column, decorations: [], listener };
    this.#draw(line);
  }

  clear(): void {
    const shown = this.#shown;
    this.#shown = null;
    shown?.listener.dispose();
    if (!shown || shown.model.isDisposed()) return;
    shown.model.deltaDecorations(shown.decorations, []);
    editor.setModelMarkers(shown.model, "run", []);
  }

  #changed(): void {
    const { model, text, decorations } = this.#shown ?? {};
    const line = model?.getDecorationRange(decorations?.[0] ?? "")?.startLineNumber;
    if (!model || line === undefined || model.getLineContent(line) !== text) this.clear();
    else this.#draw(line);
  }

  #draw(line: number): void {
    const shown = this.#shown;
    if (!shown) return;
    const { model, message, column } = shown;
    const end = model.getLineMaxColumn(line);
    const start = column || model.getLineFirstNonWhitespaceColumn(line) || 1;
    const word = model.getWordAtPosition({ lineNumber: line, column: start });
    const place = {
      startLineNumber: line,
      endLineNumber: line,
      startColumn: Math.min(start, end),
      endColumn: column && word ? word.endColumn : end,
    };
    editor.setModelMarkers(model, "run", [
      { ...place, severity: MarkerSeverity.Error, message: `The last run failed here: ${message}` },
    ]);
    const said = `  ${message.split("\n")[0]?.slice(0, 160) ?? ""}`;
    shown.decorations = model.deltaDecorations(shown.decorations, [
      {
        range: new Range(line, 1, line, end),
        options: {
          isWholeLine: true,
          className: "wt-failed-line",
          after: { content: said, inlineClassName: "wt-failed-words" },
          stickiness: editor.TrackedRangeStickiness.NeverGrowsWhenTypingAtEdges,
        },
      },
    ]);
  }
}
