import type { Snippet } from "svelte";

/**
 * Draws a text that code of this label ("draft", "v12") wrote, where the lines of files that it names lead there; `row` is within
 * a row that is chosen as a whole.
 */
export type Spotted = Snippet<[text: string, label: string, row?: boolean]>;
