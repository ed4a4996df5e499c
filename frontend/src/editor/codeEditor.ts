import { editor, type IPosition, type IRange, KeyCode, KeyMod, MarkerSeverity } from "monaco-editor/editor";

import { entryOf } from "../lib/entry.ts";
import { isMac } from "../lib/keys.ts";
import type { Content } from "./content.ts";
import { Flags } from "./flags.ts";
import { LastRun } from "./lastRun.ts";
import { LOOK } from "./look.ts";
import { Models } from "./models.ts";
import type { CodeEditor, EditorEvents } from "./port.ts";
import { Watch } from "./watch.ts";

/** Where VS Code has it: a Tab key that leaves the editor (WCAG 2.1.2). */
export const TAB_MODE = isMac ? KeyMod.WinCtrl | KeyMod.Shift | KeyCode.KeyM : KeyMod.CtrlCmd | KeyCode.KeyM;

interface Options extends EditorEvents {
  webtask: string;
  content: Content;
  file: string;
  label: string;
  readOnly: boolean;
  tabMovesFocus: boolean;
}

export interface MonacoEditor extends CodeEditor {
  dispose(): void;
}

export function createEditor(element: HTMLElement, options: Options): MonacoEditor {
  const entry = entryOf(options.webtask);
  const models = new Models(
    options.readOnly ? "version" : "draft",
    options.webtask,
    entry,
    (file, text) => (options.onChange(file, text), watch?.later()),
  );
  models.put(options.content);
  const view = editor.create(element, {
    ...LOOK,
    model: null,
    readOnly: options.readOnly,
    domReadOnly: options.readOnly,
    tabFocusMode: options.tabMovesFocus,
    lightbulb: { enabled: editor.ShowLightbulbIconMode.On },
  });
  const shelf = new Shelf(view, models, options);
  shelf.show(models.of(options.file) ? options.file : entry);
  const watch = options.readOnly ? null : new Watch(element, models);
  const lastRun = new LastRun(models, entry);
  const flags = new Flags(models);
  const turnTab = tabTurner(view, options);
  view.addCommand(TAB_MODE, turnTab);
  const listeners = [
    view.onDidBlurEditorText(() => options.onBlur?.()),
    view.onDidChangeCursorPosition(({ position }) =>
      options.onCursor?.({ line: position.lineNumber, column: position.column }),
    ),
    editor.onDidChangeMarkers(() => report(models, options)),
    editor.registerEditorOpener({
      openCodeEditor(source, resource, at) {
        const file = models.pathOf(resource);
        if (source !== view || file === null) return false;
        shelf.show(file);
        options.onFile?.(file);
        reveal(view, at);
        return true;
      },
    }),
  ];
  return {
    replace(content) {
      models.put(content);
      if (!shelf.isIn(content)) {
        shelf.show(entry);
        options.onFile?.(entry);
      }
      models.sweep(content);
      flags.draw();
      watch?.later();
    },
    open: (file) => shelf.show(file),
    rename(from, to) {
      shelf.rename(from, to);
      flags.draw();
    },
    goTo({ line, column }) {
      // It may come into sight just now.
      view.layout();
      const lineNumber = Math.min(line, view.getModel()?.getLineCount() ?? 1);
      const first = view.getModel()?.getLineFirstNonWhitespaceColumn(lineNumber);
      reveal(view, { lineNumber, column: column || first || 1 });
    },
    focus: () => view.focus(),
    readOnly: (on) => view.updateOptions({ readOnly: on, domReadOnly: on }),
    does(what) {
      if (what === "tab") return turnTab();
      view.focus();
      if (what === "format") void view.getAction("editor.action.formatDocument")?.run();
      else view.trigger("keys", "editor.action.marker.nextInFiles", null);
    },
    surround: (around) => watch?.surround(around),
    flags: (shown) => flags.show(shown),
    fail: (stack, ran) => lastRun.tell(stack, ran),
    dispose() {
      lastRun.clear();
      flags.clear();
      watch?.dispose();
      listeners.forEach((listener) => listener.dispose());
      view.dispose();
      models.dispose();
    },
  };
}

/** Which file the editor shows, each where it was left. */
class Shelf {
  readonly #view: editor.IStandaloneCodeEditor;
  readonly #models: Models;
  readonly #label: string;
  readonly #entry: string;
  readonly #states = new Map<string, editor.ICodeEditorViewState | null>();
  #shown = "";

  constructor(view: editor.IStandaloneCodeEditor, models: Models, { label, webtask }: Options) {
    this.#view = view;
    this.#models = models;
    this.#label = label;
    this.#entry = entryOf(webtask);
  }

  show(file: string): void {
    const model = this.#models.of(file);
    if (!model || (file === this.#shown && this.#view.getModel() === model)) return;
    if (this.#shown) this.#states.set(this.#shown, this.#view.saveViewState());
    const focused = this.#view.hasTextFocus();
    this.#view.setModel(model);
    const state = this.#states.get(file);
    if (state) this.#view.restoreViewState(state);
    if (focused) this.#view.focus();
    this.#shown = file;
    const what = file === this.#entry ? this.#label : `${this.#label}, file ${file}`;
    this.#view.updateOptions({
      ariaLabel: `${what}. ${isMac ? "Ctrl+Shift+M" : "Ctrl+M"} lets Tab move the focus.`,
    });
  }

  /** As it is on show, with its history, its cursor and what part of it is in sight. */
  rename(from: string, to: string): void {
    const shown = from === this.#shown;
    const state = shown ? this.#view.saveViewState() : (this.#states.get(from) ?? null);
    this.#states.delete(from);
    this.#states.set(to, state);
    const focused = this.#view.hasTextFocus();
    if (shown) {
      this.#view.setModel(null);
      this.#shown = "";
    }
    this.#models.rename(from, to);
    if (shown) this.show(to);
    if (focused) this.#view.focus();
  }

  isIn({ files }: Content): boolean {
    return this.#shown === this.#entry || Object.hasOwn(files, this.#shown);
  }
}

function tabTurner(view: editor.IStandaloneCodeEditor, options: Options): () => void {
  let movesFocus = options.tabMovesFocus;
  return () => {
    movesFocus = !movesFocus;
    view.updateOptions({ tabFocusMode: movesFocus });
    options.onTabMode?.(movesFocus);
  };
}

function reveal(view: editor.IStandaloneCodeEditor, at: IRange | IPosition | undefined): void {
  if (!at) return;
  const position = "lineNumber" in at ? at : { lineNumber: at.startLineNumber, column: at.startColumn };
  view.setPosition(position);
  view.revealPositionInCenterIfOutsideViewport(position);
  view.focus();
}

function report(models: Models, { onProblems }: EditorEvents): void {
  const markers = models.paths.map((file) => {
    const model = models.of(file);
    return { file, found: model ? editor.getModelMarkers({ resource: model.uri }) : [] };
  });
  const count = (wanted: MarkerSeverity) =>
    markers.reduce((sum, { found }) => sum + found.filter(({ severity }) => severity === wanted).length, 0);
  const broken = markers.filter(({ found }) =>
    found.some(({ severity }) => severity === MarkerSeverity.Error),
  );
  onProblems?.(
    count(MarkerSeverity.Error),
    count(MarkerSeverity.Warning),
    broken.map(({ file }) => file),
  );
}
