const FOCUSABLE =
  'a[href], button:not([disabled], [tabindex="-1"]), input, select, textarea, [tabindex="0"], [contenteditable="true"]';

/** F6: the next (or previous) visible region takes the focus at its first stop. */
export function focusRegion(root: HTMLElement, step: 1 | -1): void {
  const regions = [...root.querySelectorAll<HTMLElement>("[data-region]")].filter(isVisible);
  if (regions.length === 0) return;
  const current = regions.findIndex((region) => region.contains(document.activeElement));
  const next = current < 0 ? (step > 0 ? 0 : regions.length - 1) : current + step;
  const region = regions[(next + regions.length) % regions.length];
  // The editor's own input first: the lines around it are focusable too, but typing goes there.
  const target =
    region?.querySelector<HTMLElement>(".native-edit-context, textarea.inputarea") ??
    [...(region?.querySelectorAll<HTMLElement>(FOCUSABLE) ?? [])].find(isVisible);
  target?.focus();
}

function isVisible(element: HTMLElement): boolean {
  return element.checkVisibility({ visibilityProperty: true });
}
