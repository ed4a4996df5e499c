/** What the Run panel shows only when it is asked for. */
export { default as Filled } from "./Filled.svelte";
export { default as PasteCurl } from "./PasteCurl.svelte";
export { parseCurl } from "./pasted.ts";
export { default as Preview } from "./Preview.svelte";
export { default as SavedList } from "./SavedList.svelte";
export { default as Times } from "./Times.svelte";
