import { editor } from "monaco-editor/editor";

import { currentTheme, isDark, onThemeChange } from "../lib/theme.ts";

const NAME = "webtasks";

/** Monaco's colours from the page's tokens: one palette, and a change of theme changes both. */
export function followTheme(): void {
  apply();
  onThemeChange(apply);
}

function apply(): void {
  const dark = isDark();
  const contrast = currentTheme() === "contrast";
  const token = reader();
  const rule = (scope: string, name: string) => ({ token: scope, foreground: token(name).slice(1) });
  editor.defineTheme(NAME, {
    base: contrast ? (dark ? "hc-black" : "hc-light") : dark ? "vs-dark" : "vs",
    inherit: true,
    rules: [
      rule("", "code-text"),
      rule("comment", "code-comment"),
      rule("keyword", "code-keyword"),
      rule("string", "code-string"),
      rule("regexp", "code-string"),
      rule("number", "code-number"),
      rule("type", "code-type"),
      rule("delimiter", "text-soft"),
    ],
    colors: {
      "editor.background": token("bg"),
      "editor.foreground": token("code-text"),
      "editor.lineHighlightBackground": token("code-line"),
      "editor.lineHighlightBorder": contrast ? token("line") : "#00000000",
      "editor.selectionBackground": token("code-selection"),
      "editorLineNumber.foreground": token("text-faint"),
      "editorLineNumber.dimmedForeground": token("text-faint"),
      "editorLineNumber.activeForeground": token("text"),
      // Faded, and still 4.5:1.
      "editorUnnecessaryCode.opacity": "#000000cc",
      "editorCursor.foreground": token("accent"),
      "editorIndentGuide.background1": token("line"),
      "editorIndentGuide.activeBackground1": token("line-strong"),
      "editorWidget.background": token("bg-raised"),
      "editorWidget.border": token("line"),
      "editorHoverWidget.background": token("bg-raised"),
      "editorHoverWidget.border": token("line"),
      "editorSuggestWidget.background": token("bg-raised"),
      "editorSuggestWidget.border": token("line"),
      "editorSuggestWidget.selectedBackground": token("accent-soft"),
      "editorSuggestWidget.selectedForeground": token("text"),
      "editorSuggestWidget.highlightForeground": token("accent"),
      "editorSuggestWidget.focusHighlightForeground": token("accent"),
      "list.hoverBackground": token("bg-hover"),
      "editorError.foreground": token("bad"),
      "editorWarning.foreground": token("warn"),
      "diffEditor.insertedLineBackground": `${token("good")}10`,
      "diffEditor.insertedTextBackground": `${token("good")}18`,
      "diffEditor.removedLineBackground": `${token("bad")}10`,
      "diffEditor.removedTextBackground": `${token("bad")}18`,
      focusBorder: token("accent"),
      "scrollbarSlider.background": `${token("line-strong")}55`,
    },
  });
  editor.setTheme(NAME);
}

/** Reads `--wt-<name>` as #rrggbb. A probe resolves light-dark(), which the property itself keeps as text. */
function reader(): (name: string) => string {
  return (name) => {
    const probe = document.createElement("span");
    probe.style.color = `var(--wt-${name})`;
    // With forced colours all would be the one of text, and code unreadable on itself.
    probe.style.setProperty("forced-color-adjust", "none");
    document.body.append(probe);
    const parts = getComputedStyle(probe).color.match(/[\d.]+/g) ?? [];
    probe.remove();
    return `#${parts
      .slice(0, 3)
      .map((part) => Number(part).toString(16).padStart(2, "0"))
      .join("")}`;
  };
}
