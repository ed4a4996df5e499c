import { editor, MarkerSeverity, MarkerTag } from "monaco-editor/editor";
import {
  getJavaScriptWorker,
  getTypeScriptWorker,
} from "monaco-editor/languages/features/typescript/register";

import { NOT_FOR_US } from "./languages.ts";

type Model = editor.ITextModel;

interface Diagnostic {
  code: number;
  category: number;
  start?: number | undefined;
  length?: number | undefined;
  messageText: string | Chain;
  reportsUnnecessary?: unknown;
  reportsDeprecated?: unknown;
}

interface Chain {
  messageText: string;
  next?: Chain[] | undefined;
}

/** `module` has more than the compiler believes: `module.webtask`, `module.id`. */
const OF_MODULE = /^Property '\w+' does not exist on type '\{ exports: /;
const SEVERITIES = [MarkerSeverity.Warning, MarkerSeverity.Error, MarkerSeverity.Hint, MarkerSeverity.Info];

/** What the compiler says of a file; it is shown `beside` too, which the file may ask for. */
export async function complaints(model: Model, beside: Model[]): Promise<editor.IMarkerData[]> {
  const file = model.uri.toString();
  const found = model.getLanguageId() === "typescript" ? getTypeScriptWorker() : getJavaScriptWorker();
  const worker = await (await found)(...[model, ...beside].map(({ uri }) => uri));
  const all = await Promise.all([
    worker.getSyntacticDiagnostics(file),
    worker.getSemanticDiagnostics(file),
    worker.getSuggestionDiagnostics(file),
  ]);
  if (model.isDisposed()) return [];
  return (all.flat() as Diagnostic[])
    .filter(({ code, messageText }) => !NOT_FOR_US.includes(code) && !OF_MODULE.test(wordsOf(messageText)))
    .map((diagnostic) => markerOf(model, diagnostic));
}

function markerOf(model: Model, diagnostic: Diagnostic): editor.IMarkerData {
  const { start = 0, length = 1, code, category, messageText } = diagnostic;
  return {
    ...span(model, start, start + length),
    code: String(code),
    severity: SEVERITIES[category] ?? MarkerSeverity.Info,
    message: wordsOf(messageText),
    tags: [
      ...(diagnostic.reportsUnnecessary ? [MarkerTag.Unnecessary] : []),
      ...(diagnostic.reportsDeprecated ? [MarkerTag.Deprecated] : []),
    ],
  };
}

function wordsOf(message: string | Chain, depth = 0): string {
  if (typeof message === "string") return message;
  const next = (message.next ?? []).map((chain) => wordsOf(chain, depth + 1));
  return ["  ".repeat(depth) + message.messageText, ...next].join("\n");
}

export function span(
  model: Model,
  start: number,
  end: number,
): Pick<editor.IMarkerData, "startLineNumber" | "startColumn" | "endLineNumber" | "endColumn"> {
  const [from, to] = [model.getPositionAt(start), model.getPositionAt(end)];
  return {
    startLineNumber: from.lineNumber,
    startColumn: from.column,
    endLineNumber: to.lineNumber,
    endColumn: to.column,
  };
}
