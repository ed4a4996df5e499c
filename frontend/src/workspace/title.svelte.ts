import type { Boot } from "../lib/boot.ts";
import { called } from "./places.ts";
import type { Route } from "./route.svelte.ts";

/** The page came with the title of the code; that of any other view has its name before it. */
export function entitle(boot: Boot, route: Route): void {
  const { title } = document;
  $effect(() => {
    document.title = route.view === "code" ? title : `${called(boot, route.view).words} · ${title}`;
  });
}
