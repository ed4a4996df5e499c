import { type IDisposable, languages, Range } from "monaco-editor/editor";

import { BUILT_IN } from "./builtins.ts";
import type { Models } from "./models.ts";

const BEFORE = /(?:\brequire\s*\(\s*|\bimport\s*\(?\s*|\bfrom\s*)(["'])([^"'\\]*)$/;

/** Completes what `require("` and `import … from "` may load: own files, installed packages, Node's modules. */
export function completeRequests(models: Models, modules: () => readonly string[] | null): IDisposable {
  const { File, Module } = languages.CompletionItemKind;
  return languages.registerCompletionItemProvider(["javascript", "typescript"], {
    triggerCharacters: ['"', "'", "/", "."],
    provideCompletionItems(model, position) {
      const path = models.pathOf(model.uri);
      const line = model.getLineContent(position.lineNumber).slice(0, position.column - 1);
      const typed = BEFORE.exec(line)?.[2];
      if (path === null || typed === undefined) return { suggestions: [] };
      const range = new Range(
        position.lineNumber,
        position.column - typed.length,
        position.lineNumber,
        position.column,
      );
      const item = (name: string, kind: languages.CompletionItemKind, order: number) => ({
        label: name,
        insertText: name,
        filterText: name,
        sortText: `${order}${name}`,
        kind,
        range,
      });
      const files = models.paths.filter((other) => other !== path).map((other) => relative(path, other));
      return {
        suggestions: [
          ...files.map((name) => item(name, File, 0)),
          ...(modules() ?? []).map((name) => item(name, Module, 1)),
          ...BUILT_IN.map((name) => item(`node:${name}`, Module, 2)),
        ],
      };
    },
  });
}

/** "../data.json" for data.json out of lib/add.js; the ending of plain JavaScript is left out as people do. */
export function relative(from: string, to: string): string {
  const up = from.split("/").slice(0, -1);
  const down = to.split("/");
  while (up.length && up[0] === down[0]) {
    up.shift();
    down.shift();
  }
  const way = up.length ? up.map(() => "..").join("/") : ".";
  return `${way}/${down.join("/").replace(/\.js$/, "")}`;
}
