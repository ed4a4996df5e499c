import type { Content } from "./content.ts";

/** As console/webtasks/files.py has them. */
const MOST = 100;
const MAX_PATH = 200;
const PATH = /^(?:[A-Za-z0-9_][\w.-]*\/){0,8}[A-Za-z0-9_][\w.-]*$/;

/** Why no file can be called that, in words; "" when one can. `files` are the others. */
export function refusal(path: string, files: Content["files"], entry: string): string {
  if (!path) return "Give it a name, such as lib/greet.js.";
  if (path.length > MAX_PATH) return `A path has ${MAX_PATH} characters at most.`;
  if (!PATH.test(path))
    return "Write letters, digits and ._- in parts that begin with a letter or digit, separated by slashes.";
  if (path === entry) return `${path} is the webtask's own code.`;
  const paths = Object.keys(files);
  if (paths.includes(path)) return `There is a file ${path} already.`;
  if (paths.length >= MOST) return `${MOST} files are the most that a webtask has.`;
  const folder = [...paths, entry].find((other) => path.startsWith(`${other}/`));
  if (folder) return `${folder} is a file: it cannot be a folder as well.`;
  return paths.some((other) => other.startsWith(`${path}/`))
    ? `${path} is a folder: it cannot be a file as well.`
    : "";
}

export function without({ code, files }: Content, path: string): Content {
  return { code, files: Object.fromEntries(Object.entries(files).filter(([other]) => other !== path)) };
}

export function renamed({ code, files }: Content, from: string, to: string): Content {
  return {
    code,
    files: Object.fromEntries(Object.entries(files).map(([path, text]) => [path === from ? to : path, text])),
  };
}
