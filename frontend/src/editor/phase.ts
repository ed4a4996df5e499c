/**
 * clean: the editor shows what the server has without a draft · saved: the server has this draft ·
 * editing: typed, waiting for a pause · saving: on its way · offline / failed: kept here, tried again ·
 * stuck: the server refuses and trying again cannot help · denied: sign in first · large: over the limit ·
 * conflict: the server holds another text; autosave stands still until a person chooses.
 */
export type Phase =
  "clean" | "saved" | "editing" | "saving" | "offline" | "failed" | "stuck" | "denied" | "large" | "conflict";

/** Nothing is sent in these until a person did something. */
export const WAITS_FOR_A_PERSON: Phase[] = ["conflict", "denied"];

/** What a refusal, or no answer, comes to. */
export function phaseAfter({ status, id }: { status: number; id: string }): Phase {
  if (status === 0) return "offline";
  if (status >= 500 || status === 429) return "failed";
  if (status === 401 || id === "csrf") return "denied";
  return status === 413 ? "large" : "stuck";
}
