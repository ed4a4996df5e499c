/** An action for `<dialog>`: modal while it is there; the focus then goes back to where it was. */
export function modal(element: HTMLDialogElement): { destroy: () => void } {
  const before = document.activeElement;
  element.showModal();
  return {
    destroy() {
      element.close();
      // The browser would do it, but for a dialog that has left the page by now.
      if (document.activeElement === document.body && before instanceof HTMLElement) before.focus();
    },
  };
}
