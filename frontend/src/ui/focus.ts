import { tick } from "svelte";
import type { Attachment } from "svelte/attachments";

/** What can stand for a control that is gone. */
const PLACES = "li, ul, section, aside, dialog";

/**
 * For what opens because a control asked: it has the focus, and when it goes that control has it again. The control says
 * by the same words in `data-asks` that it is the one.
 */
export function takesFocus(asks: string): Attachment<HTMLElement> {
  const leaves = leavesFocus(asks);
  return (element) => {
    give(element);
    return leaves(element);
  };
}

/** Where nobody has the focus the next Tab begins at the top of the page: whoever takes a control away leaves it somewhere near. */
export function leavesFocus(asks: string): Attachment<HTMLElement> {
  return (element) => {
    const around = placesAround(element);
    return () =>
      void tick().then(() => {
        if (document.activeElement !== document.body) return;
        const asked = document.querySelector<HTMLElement>(`[data-asks="${CSS.escape(asks)}"]`);
        const place = asked ?? around.find(({ isConnected }) => isConnected);
        if (place) give(place);
      });
  };
}

function placesAround(element: HTMLElement): HTMLElement[] {
  const found = [];
  let place = element.parentElement?.closest<HTMLElement>(PLACES);
  while (place) {
    found.push(place);
    place = place.parentElement?.closest<HTMLElement>(PLACES);
  }
  return found;
}

function give(element: HTMLElement): void {
  if (element.tabIndex < 0 && !element.hasAttribute("tabindex")) {
    element.tabIndex = -1;
    // Else a click on any text in it would move the focus there.
    element.addEventListener("blur", () => element.removeAttribute("tabindex"), { once: true });
  }
  element.focus();
}
