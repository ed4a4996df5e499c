import type { Component } from "svelte";

import type { Command, Hands, Overlay } from "./commands.ts";
import type { Route } from "./route.svelte.ts";
import type { Session } from "./session.svelte.ts";

/** The keys pressed while an overlay was on its way, which were meant for it. */
export interface Ahead {
  typed: string;
  /** Enter came last. */
  entered: boolean;
}

export interface OverlayProps {
  overlay: Overlay;
  ahead: Ahead;
  commands: Command[];
  hands: Hands;
  session: Session;
  route: Route;
  onclose: () => void;
}

export type Overlays = Record<Overlay, Component<OverlayProps>>;

/** In one file with the views, which is fetched when the first is looked at. */
export async function loadOverlays(): Promise<Overlays> {
  return (await import("./views/index.ts")).overlays;
}

const KEY = "webtasks:question-mark";

/** A key alone can be pressed by accident or by a voice: it can be switched off (WCAG 2.1.4), on this device. */
export function questionMark(): boolean {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return true;
  }
}

export function setQuestionMark(on: boolean): void {
  try {
    localStorage.setItem(KEY, on ? "on" : "off");
  } catch {
    // A device that keeps nothing has it on.
  }
}

/** Whether a key types there. Monaco's input is no field to the browser. */
export function isField(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest("input, textarea, select, [contenteditable='true'], .monaco-editor") !== null
  );
}
