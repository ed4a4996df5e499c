/** Puts a text on the clipboard; false when the browser does not let us (plain http on a LAN). */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "wt-offscreen";
  document.body.append(area);
  area.select();
  // Deprecated, and the only way outside a secure context.
  const done = document.execCommand("copy");
  area.remove();
  return done;
}
