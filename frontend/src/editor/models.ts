import { editor, Uri } from "monaco-editor/editor";

import { isCode } from "../lib/entry.ts";
import { type Content, ordered, textOf } from "./content.ts";
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
    const model = this.#make(path, text, language);
    this.#models.set(path, model);
    model.onDidChangeContent(() => this.#told(path, model.getValue()));
  }
}

function replaceText(model: Model, text: string): void {
  if (text === model.getValue()) return;
  model.pushStackElement();
  model.pushEditOperations([], [{ range: model.getFullModelRange(), text }], () => null);
  model.pushStackElement();
}
