/** Monaco's TypeScript worker, told what `ctx` is when the code does not say it (see annotate.ts). */
import { initialize, TypeScriptWorker } from "monaco-editor/languages/features/typescript/ts.worker";

import { aboutTheCode, type Annotation, annotation, inward, outwardAll } from "./annotate.ts";

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

class WebtaskWorker extends TypeScriptWorker {
  override _getScriptText(file: string): string | undefined {
    const text = super._getScriptText(file);
    const note = text === undefined ? null : this.annotationOf(file);
    return text === undefined || !note ? text : text.slice(0, note.at) + note.text + text.slice(note.at);
  }

  annotationOf(file: string): Annotation | null {
    // Only the models of the person, not the declaration files beside them.
    return this._getModel(file) ? annotation(super._getScriptText(file) ?? "") : null;
  }
}

const methods = WebtaskWorker.prototype as unknown as Record<string, Method>;
for (const [name, places] of Object.entries(PLACES)) {
  const original = methods[name];
  if (!original) throw new Error(`Monaco's TypeScript worker has no ${name} any more`);
  methods[name] = async function (this: WebtaskWorker, file, ...rest) {
    const note = this.annotationOf(file);
    if (!note) return original.call(this, file, ...rest);
    const moved = rest.map((value, index) =>
      places.includes(index) && typeof value === "number" ? inward(value, note) : value,
    );
    const given = await original.call(this, file, ...moved);
    const answer = name.endsWith("Diagnostics") ? aboutTheCode(given, note) : given;
    return outwardAll(answer, (other) => (other === file ? note : this.annotationOf(other)), file);
  };
}

self.onmessage = () => initialize((context, data) => new WebtaskWorker(context, data));
