import { editor, type IDisposable, languages } from "monaco-editor/editor";

import type { Hint } from "./hints.ts";
import type { Models } from "./models.ts";

const CODE = ["javascript", "typescript"];
const COMMAND = "webtasks.fix";

/** What can be done about a hint; what is left out the person may not do. */
export interface Fixes {
  secret?: ((name: string) => void) | undefined;
  module?: ((name: string) => void) | undefined;
}

const WORDS = { secret: "Add secret", module: "Install", file: "" };

/** Offers what helps against the hints of `hintsOf`, under the light bulb and by Ctrl+. */
export function offerFixes(
  models: Models,
  hintsOf: (path: string, text: string) => Hint[],
  fixes: Fixes,
): IDisposable {
  const command = editor.registerCommand(COMMAND, (_, kind: "secret" | "module", name: string) =>
    fixes[kind]?.(name),
  );
  const provider = languages.registerCodeActionProvider(CODE, {
    provideCodeActions(model, range, context) {
      const path = models.pathOf(model.uri);
      const [from, to] = [
        model.getOffsetAt(range.getStartPosition()),
        model.getOffsetAt(range.getEndPosition()),
      ];
      const found = path === null ? [] : hintsOf(path, model.getValue());
      const actions = found
        .filter(({ kind, start, end }) => kind !== "file" && fixes[kind] && start <= to && end >= from)
        .map(({ kind, name }): languages.CodeAction => {
          const title = `${WORDS[kind]} ${name}`;
          return {
            title,
            kind: "quickfix",
            isPreferred: true,
            diagnostics: context.markers.filter(({ message }) => message.includes(name)),
            command: { id: COMMAND, title, arguments: [kind, name] },
          };
        });
      return { actions, dispose() {} };
    },
  });
  return { dispose: () => [command, provider].forEach((one) => one.dispose()) };
}
