import {
  javascriptDefaults,
  ModuleKind,
  ScriptTarget,
} from "monaco-editor/languages/features/typescript/register";

import webtaskTypes from "./types/webtask.d.ts?raw";

/** Stands in for Node's declarations until they are loaded, so that plain code is not red for a moment. */
const UNTIL_NODE = `
declare var require: any, module: any, exports: any, process: any, Buffer: any, console: any, global: any;
declare var setTimeout: any, setInterval: any, setImmediate: any, clearTimeout: any, clearInterval: any;
declare var fetch: any, URL: any, URLSearchParams: any, AbortController: any, TextEncoder: any, crypto: any;
declare var __filename: string, __dirname: string;
`;

const NOT_FOR_US = [
  1108, // top-level return: the protocol allows it
  2307, // cannot find module: what is installed is known to the executor, not to the browser
  7016, // no types for a module
  8002, // what only TypeScript has: `import … =`, and so on; types are taken out before the code runs
  8003,
  8004,
  8005,
  8006,
  8008,
  8009,
  8010,
  8011,
  8012,
  8013,
  8016,
  8017,
  8037,
  80001, // "convert to an ES module" under every require
  80002, // "convert to a class"
  80004, // "types from JSDoc"
  80005, // "require may become an import"
  80006, // "may become async"
];

export function learnJavaScript(): void {
  javascriptDefaults.setCompilerOptions({
    allowJs: true,
    checkJs: true,
    allowNonTsExtensions: true,
    esModuleInterop: true,
    lib: ["esnext"],
    // Knows CommonJS just as well, and a module's top-level await.
    module: ModuleKind.ESNext,
    moduleResolution: 2,
    noEmit: true,
    strict: false,
    target: ScriptTarget.ESNext,
  });
  javascriptDefaults.setDiagnosticsOptions({ diagnosticCodesToIgnore: NOT_FOR_US });
  javascriptDefaults.setExtraLibs([webtask, { filePath: "file:///until-node.d.ts", content: UNTIL_NODE }]);
  whenIdle(() => void learnNode());
}

const webtask = { filePath: "file:///webtask.d.ts", content: webtaskTypes };

async function learnNode(): Promise<void> {
  const { default: files } = await import("virtual:node-types");
  const node = Object.entries(files).map(([path, content]) => ({ filePath: `file:///${path}`, content }));
  javascriptDefaults.setExtraLibs([webtask, ...node]);
}

function whenIdle(work: () => void): void {
  if ("requestIdleCallback" in window) requestIdleCallback(work, { timeout: 3000 });
  else setTimeout(work, 1000);
}
