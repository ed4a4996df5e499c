import type { editor } from "monaco-editor/editor";

export const LOOK: editor.IEditorOptions & editor.IGlobalEditorOptions = {
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
