import { languages } from "monaco-editor/editor";

import { formatted } from "./jsonFormat.ts";

/** Colours and a formatter: a language service of its own would be a worker of 100 KiB for what the parser says as well. */
export function learnJson(): void {
  languages.register({ id: "json", extensions: [".json"] });
  languages.setLanguageConfiguration("json", {
    brackets: [
      ["{", "}"],
      ["[", "]"],
    ],
    autoClosingPairs: ["{}", "[]", '""'].map(([open = "", close = ""]) => ({ open, close })),
  });
  languages.setMonarchTokensProvider("json", {
    tokenizer: {
      root: [
        [/"(?:[^"\\]|\\.)*"(?=\s*:)/, "type"],
        [/"(?:[^"\\]|\\.)*"/, "string"],
        [/-?\d[\d.eE+-]*/, "number"],
        [/\b(?:true|false|null)\b/, "keyword"],
        [/[{}[\],:]/, "delimiter"],
      ],
    },
  });
  languages.registerDocumentFormattingEditProvider("json", {
    provideDocumentFormattingEdits(model) {
      const text = formatted(model.getValue());
      return text === null ? [] : [{ range: model.getFullModelRange(), text }];
    },
  });
}
