/** Monaco's TypeScript worker, told what `ctx` is when the code does not say it (see annotate.ts). */
import { initialize, TypeScriptWorker } from "monaco-editor/languages/features/typescript/ts.worker";

import { aboutTheCode, annotated, type Annotation, annotations, inward, outwardAll } from "./annotate.ts";
import { isEntry } from "./place.ts";

type Method = (file: string, ...rest: unknown[]) => Promise<unknown>;

/** Which arguments after the file name are places in it. */
const PLACES: Record<string, number[]> = {
  getSyntacticDiagnostics: [],
  getSemanticDiagnostics: [],
  getSuggestionDiagnostics: [],
  getCompletionsAtPosition: [0],
  getCompletionEntryDetails: [0],
  getSignatureHelpItems: [0],
  getQuickInfoAtPosition: [0],
  getDocumentHighlights: [0],
  getDefinitionAtPosition: [0],
  getReferencesAtPosition: [0],
  getNavigationTree: [],
  getFormattingEditsForDocument: [],
  getFormattingEditsForRange: [0, 1],
  getFormattingEditsAfterKeystroke: [0],
  findRenameLocations: [0],
  getRenameInfo: [0],
  getCodeFixesAtPosition: [0, 1],
  provideInlayHints: [0, 1],
};

const TYPED = /\.[cm]?ts$/;
/** `ts.ScriptKind`, which is erased from what the worker exports. */
const KINDS: [RegExp, number][] = [
  [TYPED, 3],
  [/\.json$/, 6],
];

class WebtaskWorker extends TypeScriptWorker {
  readonly #known = new Map<string, { text: string; notes: Annotation[] }>();

  override _getScriptText(file: string): string | undefined {
    const text = super._getScriptText(file);
    return text === undefined ? undefined : annotated(text, this.notesOf(file));
  }

  override getScriptKind(file: string): number {
    return KINDS.find(([ending]) => ending.test(file))?.[1] ?? super.getScriptKind(file);
  }

  notesOf(file: string): Annotation[] {
    // Only the webtask's own code, neither the files nor the declarations beside it.
    if (!isEntry(file) || !this._getModel(file)) return [];
    const text = super._getScriptText(file) ?? "";
    const known = this.#known.get(file);
    if (known?.text === text) return known.notes;
    const notes = annotations(text, TYPED.test(file));
    this.#known.set(file, { text, notes });
    return notes;
  }
}

const methods = WebtaskWorker.prototype as unknown as Record<string, Method>;
for (const [name, places] of Object.entries(PLACES)) {
  const original = methods[name];
  if (!original) throw new Error(`Monaco's TypeScript worker has no ${name} any more`);
  methods[name] = async function (this: WebtaskWorker, file, ...rest) {
    const notes = this.notesOf(file);
    if (!notes.length) return original.call(this, file, ...rest);
    const moved = rest.map((value, index) =>
      places.includes(index) && typeof value === "number" ? inward(value, notes) : value,
    );
    const given = await original.call(this, file, ...moved);
    const answer = name.endsWith("Diagnostics") ? aboutTheCode(given, notes) : given;
    return outwardAll(answer, (other) => this.notesOf(other), file);
  };
}

self.onmessage = () => initialize((context, data) => new WebtaskWorker(context, data));
