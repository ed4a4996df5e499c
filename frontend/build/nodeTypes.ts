import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import ts from "typescript";
import type { Plugin } from "vite";

const MODULE = "virtual:node-types";
const RESOLVED = `\0${MODULE}`;
// ts5.6/ and ts5.7/ repeat the modules for older compilers and would clash; the inspector's protocol is
// large and nothing a webtask can reach.
const LEFT_OUT = /^(ts5\.|inspector)/;
const require = createRequire(import.meta.url);

/** `virtual:node-types`: the declarations of @types/node by path, comments removed (335 → 76 KiB). */
export function nodeTypes(): Plugin {
  return {
    name: "webtasks-node-types",
    resolveId: (id) => (id === MODULE ? RESOLVED : undefined),
    // A JSON text parses several times faster than the same object as JavaScript.
    load: (id) =>
      id === RESOLVED ? `export default JSON.parse(${JSON.stringify(JSON.stringify(collect()))})` : undefined,
  };
}

export function collect(): Record<string, string> {
  const files: Record<string, string> = {};
  for (const name of ["@types/node", "undici-types"]) {
    const folder = dirname(require.resolve(`${name}/package.json`));
    for (const path of globSync("**/*.d.ts", { cwd: folder }).sort()) {
      if (LEFT_OUT.test(path)) continue;
      const text = readFileSync(join(folder, path), "utf8");
      files[`node_modules/${name}/${relative(folder, join(folder, path))}`] = withoutComments(path, text);
    }
  }
  return files;
}

function withoutComments(path: string, text: string): string {
  const references = text.match(/^\/\/\/ <reference .*\/>$/gm) ?? [];
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext);
  const printed = ts.createPrinter({ removeComments: true }).printFile(source);
  const code = printed.replace(/^\s*\/\/\/ <reference .*\/>\n?/gm, "").replace(/^ +/gm, "");
  return [...references, code].join("\n");
}
