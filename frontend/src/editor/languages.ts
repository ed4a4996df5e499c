import {
  javascriptDefaults,
  ModuleKind,
  ScriptTarget,
  typescriptDefaults,
} from "monaco-editor/languages/features/typescript/register";

import { declare, forget } from "./declarations.ts";
import webtaskTypes from "./types/webtask.d.ts?raw";

/** Stands in for Node's declarations until they are loaded, so that plain code is not red for a moment. */
const UNTIL_NODE = `
declare var require: any, module: any, exports: any, process: any, Buffer: any, console: any, global: any;
declare var setTimeout: any, setInterval: any, setImmediate: any, clearTimeout: any, clearInterval: any;
declare var fetch: any, URL: any, URLSearchParams: any, AbortController: any, TextEncoder: any, crypto: any;
declare var __filename: string, __dirname: string;
`;

/** What the compiler says of good code. */
export const NOT_FOR_US = [
  1108, // top-level return: the protocol allows it
  2307, // cannot find module: hints.ts knows which files and packages there are
  2792, // the same
  2306, // what is asked for is no module
  7016, // no types for a module
  1202, // `import x = require()`, `export =`: Node takes the types out, whatever the module
  1203,
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

const OPTIONS = {
  allowImportingTsExtensions: true,
  allowJs: true,
  checkJs: true,
  allowNonTsExtensions: true,
  esModuleInterop: true,
  lib: ["esnext"],
  // Knows CommonJS just as well, and a module's top-level await.
  module: ModuleKind.ESNext,
  // Each file has names of its own, whether it says so by an import or not.
  moduleDetection: 3,
  moduleResolution: 2,
  noEmit: true,
  resolveJsonModule: true,
  strict: false,
  target: ScriptTarget.ESNext,
};

export function learnLanguages(): void {
  for (const defaults of [javascriptDefaults, typescriptDefaults]) {
    defaults.setCompilerOptions(OPTIONS);
    // problems.ts finds them: one file's depend on the others.
    defaults.setModeConfiguration({ ...defaults.modeConfiguration, diagnostics: false });
  }
  declare("webtask.d.ts", webtaskTypes);
  declare(FIRST, UNTIL_NODE);
  whenIdle(() => void learnNode());
}

const FIRST = "until-node.d.ts";

async function learnNode(): Promise<void> {
  const { default: files } = await import("virtual:node-types");
  for (const [path, content] of Object.entries(files)) declare(path, content);
  forget(FIRST);
}

function whenIdle(work: () => void): void {
  if ("requestIdleCallback" in window) requestIdleCallback(work, { timeout: 3000 });
  else setTimeout(work, 1000);
}
