import type { Header } from "../lib/types.ts";
import { shellWords } from "./shell.ts";

/** A request out of a curl command; `left` says in words what of it has no place here. */
export interface Pasted {
  method: string;
  path: string;
  headers: Header[];
  body: string;
  /** Of `Authorization: Bearer …`. */
  token: string;
  left: string[];
}

/** Throws an Error that says what to do about it. `urls` are those of this webtask: what follows one is the path. */
export function parseCurl(text: string, urls: string[] = []): Pasted {
  if (/\^"/.test(text)) throw new Error("This is for the Windows prompt. Copy it “as cURL (bash)”.");
  const line = shellWords(text.trim().replace(/^\$\s+/, ""));
  if (!line) throw new Error("A quote is not closed. Copy the whole command.");
  const [name = "", ...words] = line.words;
  if (!COMMAND.test(name)) throw new Error("It does not begin with “curl”.");
  const reader = new Reader(urls);
  reader.read(words);
  if (line.rest) reader.left.push(`what follows the command: ${short(line.rest)}`);
  for (const variable of new Set(line.variables)) reader.left.push(`${variable} stands as it is written`);
  return reader.request();
}

const COMMAND = /^(?:.*\/)?curl(?:\.exe)?$/;
const FORM = "application/x-www-form-urlencoded";

const LONG: Record<string, string> = {
  X: "request",
  H: "header",
  d: "data",
  "data-ascii": "data",
  u: "user",
  b: "cookie",
  A: "user-agent",
  e: "referer",
  G: "get",
  I: "head",
  F: "form",
  T: "upload-file",
  L: "location",
  k: "insecure",
  x: "proxy",
  E: "cert",
  K: "config",
  r: "range",
};
// What they change is how curl talks, not what is asked.
const QUIET = new Set(
  (
    "s silent S show-error i include v verbose f fail fail-with-body N no-buffer g globoff # progress-bar compressed 0 1 2 4 6" +
    " http1.0 http1.1 http2 http2-prior-knowledge http3 ipv4 ipv6 no-keepalive path-as-is tcp-nodelay"
  ).split(" "),
);
const QUIET_WITH_VALUE = new Set(
  "o output m max-time connect-timeout w write-out D dump-header c cookie-jar retry retry-delay trace trace-ascii stderr".split(
    " ",
  ),
);
// They take a value and have no place here.
const LEFT_WITH_VALUE = new Set(
  (
    "form form-string upload-file proxy cert key cacert config resolve connect-to interface netrc-file proxy-user limit-rate" +
    " max-redirs unix-socket aws-sigv4 cert-type tlsv1 ciphers variable expand-data"
  ).split(" "),
);
const DATA = new Set(["data", "data-raw", "data-binary", "data-urlencode", "json"]);
const HEADERS: Record<string, string> = { "user-agent": "User-Agent", referer: "Referer", range: "Range" };
const TAKES_VALUE = new Set([
  "request",
  "header",
  "user",
  "cookie",
  "url",
  "oauth2-bearer",
  ...DATA,
  ...Object.keys(HEADERS),
]);

class Reader {
  readonly left: string[] = [];
  readonly #urls: string[];
  readonly #headers: Header[] = [];
  /** Lower-case names of those that curl shall not add. */
  readonly #without = new Set<string>();
  #method = "";
  #path: string | null = null;
  #token = "";
  #data: string | null = null;
  #json = false;
  #get = false;
  #head = false;

  constructor(urls: string[]) {
    this.#urls = urls;
  }

  read(words: string[]): void {
    const queue = [...words];
    for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
      if (word === "-" || !word.startsWith("-")) this.#address(word);
      else if (word.startsWith("--")) this.#option(word.slice(2), word, () => queue.shift());
      else this.#letters(word, queue);
    }
  }

  request(): Pasted {
    if (this.#path === null) throw new Error("It names no URL.");
    let body = this.#data ?? "";
    let path = this.#path;
    const sends = this.#data !== null && !this.#get;
    if (!sends && body) path += (path.includes("?") ? "&" : "?") + body;
    if (!sends) body = "";
    if (this.#json) this.#default("Content-Type", "application/json");
    if (this.#json) this.#default("Accept", "application/json");
    if (sends) this.#default("Content-Type", FORM);
    const method = this.#method || (this.#head ? "HEAD" : sends ? "POST" : "GET");
    if (body && (method === "GET" || method === "HEAD"))
      this.left.push(`the body: a ${method} has none here`);
    return { method, path, headers: this.#headers, body, token: this.#token, left: this.left };
  }

  /** `-sSXPOST`, `-d x`: letters together, the last may have its value in the same word. */
  #letters(word: string, queue: string[]): void {
    for (let at = 1; at < word.length; at += 1) {
      const letter = word.charAt(at);
      const glued = word.slice(at + 1);
      let taken = false;
      this.#option(LONG[letter] ?? letter, `-${letter}`, () => {
        taken = glued !== "";
        return taken ? glued : queue.shift();
      });
      if (taken) return;
    }
  }

  #option(long: string, written: string, next: () => string | undefined): void {
    const name = LONG[long] ?? long;
    if (QUIET.has(name)) return;
    if (QUIET_WITH_VALUE.has(name)) next();
    else if (LEFT_WITH_VALUE.has(name)) this.left.push(`${written} ${short(next() ?? "")}`.trim());
    else if (name === "get") this.#get = true;
    else if (name === "head") this.#head = true;
    else if (!TAKES_VALUE.has(name)) this.left.push(written);
    else {
      const value = next();
      if (value === undefined) throw new Error(`${written} lacks its value. Copy the whole command.`);
      this.#set(name, value);
    }
  }

  #set(name: string, value: string): void {
    if (DATA.has(name)) this.#append(name, value);
    else if (name === "request") this.#method = value.toUpperCase();
    else if (name === "header") this.#header(value);
    else if (name === "url") this.#address(value);
    else if (name === "oauth2-bearer") this.#token = value;
    else if (name === "user") this.#headers.push(["Authorization", `Basic ${base64(value)}`]);
    else if (name === "cookie" && !value.includes("=")) this.left.push(`the cookies in the file ${value}`);
    else this.#headers.push([HEADERS[name] ?? "Cookie", value]);
  }

  #header(text: string): void {
    const match = /^([^:;]+)(?::\s*(.*)|;\s*)$/s.exec(text);
    const name = match?.[1]?.trim();
    if (!match || !name) {
      this.left.push(`-H ${short(text)}`);
      return;
    }
    const value = match[2]?.trim();
    const bearer = name.toLowerCase() === "authorization" && /^Bearer\s+(\S+)$/i.exec(value ?? "")?.[1];
    // “Name:” tells curl to leave out its own, “Name;” sends it empty.
    if (value === "") this.#without.add(name.toLowerCase());
    else if (bearer) this.#token = bearer;
    else if (name.toLowerCase() !== "host") this.#headers.push([name, value ?? ""]);
  }

  #append(kind: string, value: string): void {
    const named = kind === "data-urlencode" ? /^[^=@]*@/.test(value) : value.startsWith("@");
    if (named && kind !== "data-raw")
      this.left.push(`the file ${value.replace(/^[^@]*@/, "")}: paste what is in it into the body`);
    const text = named && kind !== "data-raw" ? "" : kind === "data-urlencode" ? encoded(value) : value;
    this.#json ||= kind === "json";
    if (this.#data === null || this.#data === "") this.#data = text;
    else this.#data += (kind === "json" || text === "" ? "" : "&") + text;
  }

  #address(text: string): void {
    if (this.#path !== null) {
      this.left.push(`a second URL: ${short(text)}`);
      return;
    }
    const bare = text.replace(/#.*/s, "");
    const ours = this.#urls.find((url) => bare.startsWith(url) && /^(?:[/?]|$)/.test(bare.slice(url.length)));
    if (ours !== undefined) {
      this.#path = bare.slice(ours.length) || "/";
      return;
    }
    const [, , user, host = "", path = ""] =
      /^([a-z][a-z\d+.-]*:\/\/)?(?:([^/?#@]*)@)?([^/?]*)(.*)$/is.exec(bare) ?? [];
    if (user) this.#set("user", decodeURIComponent(user));
    this.#path = path || "/";
    this.left.push(`the host ${host}: requests go to this webtask`);
  }

  #default(name: string, value: string): void {
    const lower = name.toLowerCase();
    if (this.#without.has(lower) || this.#headers.some(([known]) => known.toLowerCase() === lower)) return;
    this.#headers.push([name, value]);
  }
}

/** As `--data-urlencode` has it: “text”, “=text” or “name=text”. */
function encoded(text: string): string {
  const [, name = "", value = text] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  return (name && `${name}=`) + encodeURIComponent(value);
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
