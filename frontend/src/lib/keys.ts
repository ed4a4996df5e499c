export type Action = "run" | "publish" | "save" | "drawer" | "next-region" | "previous-region";

interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

/** The action of a key press, or null. ⌘ stands for Ctrl on a Mac; Ctrl+R/T/W/N/L stay the browser's. */
export function actionOf(event: Pressed): Action | null {
  if (event.altKey) return null;
  const control = event.ctrlKey || event.metaKey;
  if (event.key === "F6" && !control) return event.shiftKey ? "previous-region" : "next-region";
  if (!control) return null;
  if (event.key === "Enter") return event.shiftKey ? "publish" : "run";
  if (event.shiftKey) return null;
  return ({ s: "save", j: "drawer" }[event.key.toLowerCase()] as Action | undefined) ?? null;
}

export const isMac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

/** "Ctrl+Shift+Enter" as the keyboard at hand prints it. */
export function keyLabel(keys: string): string {
  if (!isMac) return keys;
  return keys.replace("Ctrl+", "⌘").replace("Shift+", "⇧").replace("Enter", "↵");
}
