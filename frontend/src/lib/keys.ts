interface Pressed {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
  getModifierState?(key: string): boolean;
}

export const isMac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

/**
 * What was pressed, as the table of commands writes it: "Ctrl+Shift+Enter", "Alt+1", "?"; null for what types a letter or
 * moves in a text. ⌘ stands for Ctrl on a Mac, where Ctrl and a letter belong to its text fields.
 */
export function chordOf(event: Pressed, mac = isMac): string | null {
  if (event.getModifierState?.("AltGraph")) return null;
  const name = nameOf(event);
  if (mac && event.ctrlKey && name.length === 1) return null;
  const control = event.ctrlKey || event.metaKey;
  // A sign like "?" is where the layout has it, with Shift or without.
  const shift = event.shiftKey && !(name.length === 1 && /[^A-Z0-9]/.test(name));
  const held = [control && "Ctrl", event.altKey && "Alt", shift && "Shift"];
  return [...held, name].filter(Boolean).join("+");
}

/** By the place of the key where the sign is no help: with Alt a Mac writes others, and not every layout is Latin. */
function nameOf({ key, code, altKey, ctrlKey, metaKey }: Pressed): string {
  const place = /^(?:Key([A-Z])|Digit([0-9]))$/.exec(code);
  const letter = place?.[1] ?? place?.[2];
  const foreign = (ctrlKey || metaKey) && key.length === 1 && key.charCodeAt(0) > 127;
  if (letter && (altKey || foreign)) return letter;
  return key.length === 1 ? key.toUpperCase() : key;
}

/** Of Alt+Shift+S, "list": of all teams; of Alt+Shift+1 … 9, the digit. By the place of the key: with ⌥ a Mac types signs. */
export function teamKey(event: Omit<Pressed, "key" | "getModifierState">): string | null {
  if (!event.altKey || !event.shiftKey || event.ctrlKey || event.metaKey) return null;
  return event.code === "KeyS" ? "list" : (/^Digit([1-9])$/.exec(event.code)?.[1] ?? null);
}

/** "Ctrl+Shift+Enter" as the keyboard at hand prints it. */
export function keyLabel(keys: string): string {
  if (!isMac) return keys;
  return keys.replace("Ctrl+", "⌘").replace("Alt+", "⌥").replace("Shift+", "⇧").replace("Enter", "↵");
}

/** The same for `aria-keyshortcuts`. */
export function ariaKeys(keys: readonly string[]): string {
  return keys.map((chord) => chord.replace("Ctrl+", isMac ? "Meta+" : "Control+")).join(" ");
}
