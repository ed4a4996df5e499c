import { inOrder, type Mention, named, taken, withoutComments } from "./mentions.ts";
import { exported } from "./workers/exported.ts";

/**
 * What `export default { fetch(request, env) }` asks its `env` for, whatever it is called there; also in functions that are handed it by
 * that name. Nothing where the name is declared once more: it may be another thing then.
 */
export function envIn(code: string): Mention[] {
  const text = withoutComments(code);
  const found = exported(text);
  const env = found?.kind === "object" ? found.parameters[1] : undefined;
  if (!env) return [];
  const said = text.slice(env.start, env.end);
  if (said.startsWith("{")) return taken(said.slice(1, -1), env.start + 1);
  if (!/^[A-Za-z_$][\w$]*$/.test(said)) return [];
  const name = said.replace(/\$/g, "\\$&");
  if (new RegExp(String.raw`\b(?:const|let|var|import)\s+(?:\*\s*as\s+)?${name}(?![\w$])`).test(text))
    return [];
  const it = String.raw`(?<![\w$.])${name}`;
  return inOrder([
    // What is called is no text: one of the methods that every object has.
    ...named(text, new RegExp(String.raw`${it}\s*\??\.\s*([A-Za-z_$][\w$]*)(?![\w$]|\s*\()`, "g"), 1),
    ...named(text, new RegExp(String.raw`${it}\s*(?:\?\.)?\[\s*(["'])([^"'\\\n]+)\1\s*\]`, "g"), 2),
    ...[...text.matchAll(new RegExp(String.raw`\{([^{}]*)\}\s*=\s*${name}\b(?!\s*[.[(])`, "g"))].flatMap(
      (match) => taken(match[1] ?? "", match.index + 1),
    ),
  ]);
}
