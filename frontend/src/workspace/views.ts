import type { Component } from "svelte";

import type Others from "../people/Others.svelte";
import type { Overlay } from "./commands.ts";
import type { Layout } from "./layout.svelte.ts";
import type { View } from "./places.ts";
import type { Route } from "./route.svelte.ts";
import type { Session } from "./session.svelte.ts";

/** What each view is handed. The code and the logs are no views in this sense: they are always there, if out of sight. */
export interface ViewProps {
  session: Session;
  layout: Layout;
  route: Route;
  /** Opens what lies over the workspace. */
  open: (overlay: Overlay) => void;
}

export type Shown = Exclude<View, "code" | "logs">;
export type Views = Record<Shown, Component<ViewProps>>;

/** Who else is here, in the top bar; in one file with the views. */
export async function loadOthers(): Promise<typeof Others> {
  return (await import("./views/index.ts")).Others;
}

/** The row of files over the editor, and what the editor is told of all else. */
export interface FilesProps {
  session: Session;
  readOnly: boolean;
  broken: readonly string[];
  panel: string;
  route: Route;
  layout: Layout;
}

/** A text that code wrote, of the code called `label`; the places in files that it tells lead there. */
export interface SpottedProps {
  text: string;
  label: string;
  /** Within a row that is chosen as a whole. */
  row: boolean;
  session: Session;
  route: Route;
  layout: Layout;
}

/** Comes with the views: what is first seen of a webtask is its code. */
export async function loadFiles(): Promise<Component<FilesProps>> {
  return (await import("./views/index.ts")).files;
}

/** All of them in one file, which is fetched when the first is looked at. */
export async function loadViews(): Promise<Views> {
  return (await import("./views/index.ts")).views;
}
