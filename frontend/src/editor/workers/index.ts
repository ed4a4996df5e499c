import editorUrl from "./editor.ts?worker&url";
import typescriptUrl from "./typescript.ts?worker&url";

const URLS: Record<string, string> = { javascript: typescriptUrl, typescript: typescriptUrl };

interface Policy {
  createScriptURL(url: string): string;
}
declare const trustedTypes:
  { createPolicy(name: string, rules: { createScriptURL(url: string): string }): Policy } | undefined;

/** Starts only the worker scripts this build made: the page's one way to a TrustedScriptURL. */
const rules: Policy = {
  createScriptURL(url) {
    if (url === editorUrl || url === typescriptUrl) return url;
    throw new TypeError(`${url} is not one of our workers`);
  },
};
const policy = typeof trustedTypes === "undefined" ? rules : trustedTypes.createPolicy("wt-worker", rules);

export function installWorkers(): void {
  // Never getWorkerUrl: Monaco would start it through a blob:, which worker-src forbids.
  (globalThis as { MonacoEnvironment?: unknown }).MonacoEnvironment = {
    getWorker: (_module: string, label: string) =>
      new Worker(policy.createScriptURL(URLS[label] ?? editorUrl), { type: "module", name: label }),
  };
}
