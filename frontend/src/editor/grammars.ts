import { languages } from "monaco-editor/editor";
import * as javascript from "monaco-editor/languages/definitions/javascript/javascript";
import * as typescript from "monaco-editor/languages/definitions/typescript/typescript";

/** Not through Monaco's own list of languages, which would fetch each from a file of its own. */
export function learnGrammars(): void {
  for (const [id, { conf, language }] of Object.entries({ javascript, typescript })) {
    languages.register({ id, aliases: [id === "javascript" ? "JavaScript" : "TypeScript"] });
    languages.setLanguageConfiguration(id, conf);
    languages.setMonarchTokensProvider(id, language);
  }
}
