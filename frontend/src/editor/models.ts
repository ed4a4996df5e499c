import { editor, type IDisposable, Range, Uri } from "monaco-editor/editor";

import { isCode } from "../lib/entry.ts";
import { changeOf } from "./change.ts";
import { type Content, ordered, textOf } from "./content.ts";
import { moved } from "./history.ts";
import { kindOf, languageOf } from "./paths.ts";
import { placeOf } from "./workers/place.ts";

type Model = editor.ITextModel;

/** One model per webtask, side and file, so that the code of one never appears in another. */
export function createModel(
  side: string,
  webtask: string,
  path: string,
  text: string,
  language: string,
): Model {
  const uri = Uri.from({ scheme: "file", path: placeOf(side, webtask, path) });
  const model = editor.createModel(text, language, uri);
  model.updateOptions({
    tabSize: 2,
    insertSpaces: true,
    bracketColorizationOptions: { enabled: false, independentColorPoolPerBracketType: false },
  });
  return model;
}

/** The texts of a content, each with its own undo history. */
export class Models {
  readonly #entry: string;
  readonly #make: (path: string, text: string, language: string) => Model;
  readonly #told: (path: string, text: string) => void;
  readonly #models = new Map<string, Model>();
  readonly #listeners = new WeakMap<Model, IDisposable>();

  /** `told` of every change. */
  constructor(side: string, webtask: string, entry: string, told: (path: string, text: string) => void) {
    this.#entry = entry;
    this.#make = (path, text, language) => createModel(side, webtask, path, text, language);
    this.#told = told;
  }

  get paths(): string[] {
    return [...this.#models.keys()];
  }

  get all(): Model[] {
    return [...this.#models.values()];
  }

  of(path: string): Model | null {
    return this.#models.get(path) ?? null;
  }

  pathOf(uri: Uri): string | null {
    const found = [...this.#models].find(([, model]) => model.uri.toString() === uri.toString());
    return found?.[0] ?? null;
  }

  /** What differs becomes one step of its file's history. What is gone goes when nothing shows it any more: sweep(). */
  put(content: Content): void {
    const paths = ordered(content.files, this.#entry);
    // One compiler reads them all: that of TypeScript as soon as one file is.
    const code = paths.some((path) => kindOf(path) === "typescript") ? "typescript" : "javascript";
    for (const path of paths) {
      const language = isCode(path) ? code : languageOf(path);
      const text = textOf(content, path, this.#entry) ?? "";
      const model = this.#models.get(path);
      if (!model) this.#add(path, text, language);
      else {
        editor.setModelLanguage(model, language);
        replaceText(model, text);
      }
    }
  }

  /** The same text by another name, with its history. */
  rename(from: string, to: string): void {
    const model = this.#models.get(from);
    if (!model || this.#models.has(to)) return;
    // It is about to go through all its past.
    this.#listeners.get(model)?.dispose();
    this.#models.delete(from);
    this.#keep(
      to,
      moved(model, (text) => this.#make(to, text, model.getLanguageId())),
    );
    model.dispose();
  }

  sweep({ files }: Content): void {
    for (const [path, model] of this.#models)
      if (path !== this.#entry && !Object.hasOwn(files, path)) {
        this.#models.delete(path);
        model.dispose();
      }
  }

  dispose(): void {
    this.all.forEach((model) => model.dispose());
  }

  #add(path: string, text: string, language: string): void {
    this.#keep(path, this.#make(path, text, language));
  }

  #keep(path: string, model: Model): void {
    this.#models.set(path, model);
    this.#listeners.set(
      model,
      model.onDidChangeContent(() => this.#told(path, model.getValue())),
    );
  }
}

/** In one step, and only the lines that differ: the cursor stays where it is in the others. */
function replaceText(model: Model, text: string): void {
  const before = model.getValue();
  if (text === before) return;
  const change = changeOf(before, text);
  const range = Range.fromPositions(model.getPositionAt(change.start), model.getPositionAt(change.end));
  model.pushStackElement();
  model.pushEditOperations([], [{ range, text: change.text }], () => null);
  model.pushStackElement();
}
