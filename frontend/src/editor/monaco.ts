/** The one door to Monaco; everything else asks for it with a dynamic import. */
import { editor, KeyCode, KeyMod } from "monaco-editor/editor";
import "monaco-editor/features/register.all";

import { TAB_MODE } from "./codeEditor.ts";
import { learnGrammars } from "./grammars.ts";
import { learnJson } from "./json.ts";
import { learnLanguages } from "./languages.ts";
import { followTheme } from "./themes.ts";
import { installWorkers } from "./workers/index.ts";

export { createEditor } from "./codeEditor.ts";
export { createDiff } from "./diff.ts";

/** Ours, or the browser's: Monaco must let them through. Ctrl+M is bound again per editor, with a status. */
const RELEASED = [
  KeyCode.F1,
  KeyMod.CtrlCmd | KeyCode.KeyK,
  KeyMod.CtrlCmd | KeyCode.KeyI,
  KeyMod.CtrlCmd | KeyCode.KeyL,
  KeyMod.CtrlCmd | KeyMod.Shift | KeyCode.KeyL,
  TAB_MODE,
  KeyMod.CtrlCmd | KeyCode.Enter,
  KeyMod.CtrlCmd | KeyMod.Shift | KeyCode.Enter,
];

installWorkers();
learnGrammars();
learnLanguages();
learnJson();
followTheme();
editor.addKeybindingRules(RELEASED.map((keybinding) => ({ keybinding, command: null })));

/** Resolves when code is drawn in colour from its first frame on. */
export async function ready(): Promise<void> {
  await editor.colorize("", "javascript", {});
}
