/** The one door to Monaco; everything else asks for it with a dynamic import. */
import { editor, KeyCode, KeyMod, MarkerSeverity, Uri } from "monaco-editor/editor";
import "monaco-editor/features/register.all";
import "monaco-editor/languages/definitions/javascript/register";

import { isMac } from "../lib/keys.ts";
import { learnJavaScript } from "./javascript.ts";
import type { CodeEditor, EditorEvents } from "./port.ts";
import { followTheme } from "./themes.ts";
import { installWorkers } from "./workers/index.ts";

/** Where VS Code has it: a Tab key that leaves the editor (WCAG 2.1.2). */
const TAB_MODE = isMac ? KeyMod.WinCtrl | KeyMod.Shift | KeyCode.KeyM : KeyMod.CtrlCmd | KeyCode.KeyM;

/** Ours, or the browser's: Monaco must let them through. Ctrl+M is bound again per editor, with a status. */
const RELEASED = [
  KeyCode.F1,
  KeyMod.CtrlCmd | KeyCode.KeyK,
  KeyMod.CtrlCmd | KeyCode.KeyI,
  KeyMod.CtrlCmd | KeyCode.KeyL,
  TAB_MODE,
  KeyMod.CtrlCmd | KeyCode.Enter,
  KeyMod.CtrlCmd | KeyMod.Shift | KeyCode.Enter,
];

installWorkers();
learnJavaScript();
followTheme();
editor.addKeybindingRules(RELEASED.map((keybinding) => ({ keybinding, command: null })));

const LOOK: editor.IEditorOptions & editor.IGlobalEditorOptions = {
  automaticLayout: true,
  fixedOverflowWidgets: true,
  fontFamily: "var(--wt-mono)",
  fontSize: 13,
  lineHeight: 20,
  folding: true,
  glyphMargin: false,
  hideCursorInOverviewRuler: true,
  lineDecorationsWidth: 14,
  lineNumbersMinChars: 4,
  minimap: { enabled: false },
  overviewRulerBorder: false,
  padding: { top: 12, bottom: 12 },
  renderLineHighlight: "all",
  renderLineHighlightOnlyWhenFocus: true,
  scrollBeyondLastLine: false,
  scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, useShadows: false },
  stickyScroll: { enabled: false },
  wordBasedSuggestions: "off",
};

/** One model per webtask and side, so that the code of one never appears in another. */
export function modelUri(webtask: string, side: string): Uri {
  return Uri.from({ scheme: "file", path: `/${side}/${webtask}.js` });
}

interface Options extends EditorEvents {
  webtask: string;
  code: string;
  label: string;
  readOnly: boolean;
  tabMovesFocus: boolean;
}

export interface MonacoEditor extends CodeEditor {
  dispose(): void;
}

/** Resolves when code is drawn in colour from its first frame on. */
export async function ready(): Promise<void> {
  await editor.colorize("", "javascript", {});
}

function createModel(code: string, uri: Uri): editor.ITextModel {
  const model = editor.createModel(code, "javascript", uri);
  model.updateOptions({
    tabSize: 2,
    insertSpaces: true,
    bracketColorizationOptions: { enabled: false, independentColorPoolPerBracketType: false },
  });
  return model;
}

export function createEditor(element: HTMLElement, options: Options): MonacoEditor {
  const model = createModel(options.code, modelUri(options.webtask, options.readOnly ? "version" : "draft"));
  const view = editor.create(element, {
    ...LOOK,
    model,
    readOnly: options.readOnly,
    domReadOnly: options.readOnly,
    tabFocusMode: options.tabMovesFocus,
    ariaLabel: `${options.label}. ${isMac ? "Ctrl+Shift+M" : "Ctrl+M"} lets Tab move the focus.`,
  });
  let movesFocus = options.tabMovesFocus;
  view.addCommand(TAB_MODE, () => {
    movesFocus = !movesFocus;
    view.updateOptions({ tabFocusMode: movesFocus });
    options.onTabMode?.(movesFocus);
  });
  const listeners = [
    model.onDidChangeContent(() => options.onChange(model.getValue())),
    view.onDidBlurEditorText(() => options.onBlur?.()),
    view.onDidChangeCursorPosition(({ position }) =>
      options.onCursor?.({ line: position.lineNumber, column: position.column }),
    ),
    editor.onDidChangeMarkers(() => report(model, options)),
  ];
  return {
    replace(code) {
      if (code === model.getValue()) return;
      model.pushStackElement();
      model.pushEditOperations([], [{ range: model.getFullModelRange(), text: code }], () => null);
      model.pushStackElement();
    },
    focus: () => view.focus(),
    dispose() {
      listeners.forEach((listener) => listener.dispose());
      view.dispose();
      model.dispose();
    },
  };
}

function report(model: editor.ITextModel, { onProblems }: EditorEvents): void {
  const markers = editor.getModelMarkers({ resource: model.uri });
  const count = (severity: MarkerSeverity) => markers.filter((marker) => marker.severity === severity).length;
  onProblems?.(count(MarkerSeverity.Error), count(MarkerSeverity.Warning));
}

interface Sides {
  webtask: string;
  before: string;
  after: string;
  label: string;
}

export function createDiff(element: HTMLElement, sides: Sides): { dispose(): void } {
  const original = createModel(sides.before, modelUri(sides.webtask, "before"));
  const modified = createModel(sides.after, modelUri(sides.webtask, "after"));
  const view = editor.createDiffEditor(element, {
    ...LOOK,
    readOnly: true,
    domReadOnly: true,
    originalEditable: false,
    renderOverviewRuler: false,
    hideUnchangedRegions: { enabled: true },
  });
  view.setModel({ original, modified });
  const name = () => {
    // An update drops the labels of both halves.
    view.getOriginalEditor().updateOptions({ ariaLabel: `${sides.label}: before` });
    view.getModifiedEditor().updateOptions({ ariaLabel: `${sides.label}: after` });
  };
  name();
  const listener = view.onDidUpdateDiff(name);
  return {
    dispose() {
      listener.dispose();
      view.dispose();
      original.dispose();
      modified.dispose();
    },
  };
}
