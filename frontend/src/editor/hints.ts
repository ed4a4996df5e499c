import { isBuiltIn } from "./builtins.ts";
import { envIn } from "./env.ts";
import { type Mention, packageOf, requestsIn, secretsIn } from "./mentions.ts";
import { requested } from "./paths.ts";

/** What a webtask has beside its files; null while nobody knows. */
export interface Possessions {
  secrets: readonly string[] | null;
  params: readonly string[] | null;
  modules: readonly string[] | null;
}

/** What code asks for and its webtask does not have. Of a secret or a module one can do something about it. */
export interface Hint {
  kind: "secret" | "module" | "file";
  name: string;
  start: number;
  end: number;
}

export function hintsIn(path: string, text: string, paths: readonly string[], has: Possessions): Hint[] {
  const missing = [
    ...beyond(secretsIn(text), has.secrets),
    // What `fetch` calls so holds both: without one of them nobody can say what is missing.
    ...beyond(envIn(text), has.secrets && has.params && [...has.secrets, ...has.params]),
  ].map((mention): Hint => ({ kind: "secret", ...mention }));
  const requests = requestsIn(text).flatMap(({ name, start, end }): Hint[] => {
    if (/^\.\.?(\/|$)/.test(name))
      return requested(path, name, paths) === null ? [{ kind: "file", name, start, end }] : [];
    const wanted = packageOf(name);
    return wanted && missed(wanted, has.modules) ? [{ kind: "module", name: wanted, start, end }] : [];
  });
  return [...missing, ...requests];
}

function beyond(said: Mention[], known: readonly string[] | null): Mention[] {
  return known ? said.filter(({ name }) => !known.includes(name)) : [];
}

/** A version in the name has it installed when it runs, and some the guest has itself. */
function missed(name: string, modules: readonly string[] | null): boolean {
  if (!modules || name.startsWith("@webtask/") || name.indexOf("@", 1) > 0) return false;
  return !isBuiltIn(name) && !modules.includes(name);
}

export function wordsOf({ kind, name }: Hint): string {
  if (kind === "secret") return `This webtask has no secret ${name}.`;
  if (kind === "module") return `${name} is not installed for this webtask.`;
  return `There is no file ${name} from here.`;
}
