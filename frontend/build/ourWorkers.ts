import type { Plugin } from "vite";

const STOCK = /\(\) => new Worker\(new URL\([^)]*\),\s*\{[^}]*\}\)/g;

/** Monaco names its stock workers too, and Vite would build them beside ours: a second TypeScript, 1 MiB. */
export function ourWorkers(): Plugin {
  return {
    name: "webtasks-our-workers",
    enforce: "pre",
    transform(code, id) {
      if (!id.includes("/monaco-editor/") || !code.includes("new Worker(")) return undefined;
      return { code: code.replace(STOCK, "undefined"), map: null };
    },
  };
}
