import { keyLabel, teamKey } from "./keys.ts";

/** The list of teams works without this: it adds the keys, and tells of them in the list. */
export function watchTeams(): void {
  const menu = document.querySelector<HTMLElement>("[data-teams]");
  if (!menu) return;
  for (const hint of menu.querySelectorAll<HTMLElement>("[data-keys]")) {
    hint.textContent = keyLabel(hint.dataset["keys"] ?? "");
    hint.hidden = false;
  }
  for (const line of menu.querySelectorAll<HTMLElement>("[data-keys-line]")) line.hidden = false;
  addEventListener("keydown", (event) => {
    const key = teamKey(event);
    if (!key || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const there = menu.querySelector<HTMLAnchorElement>(`[data-team="${key}"]`);
    if (key !== "list" && !there) return;
    event.preventDefault();
    if (there) there.click();
    else menu.togglePopover();
  });
  menu.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const links = [...menu.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement as HTMLAnchorElement);
    links[(at + step + links.length) % links.length]?.focus();
  });
}
