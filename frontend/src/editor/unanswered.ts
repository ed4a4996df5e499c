import type { Content } from "./content.ts";

/** The server's answer is lost at most so often in a row; older texts it replaced itself. */
const MOST = 20;

/** Texts sent to the server whose answers did not come: when it turns out to hold one, that is no other's work. */
export class Unanswered {
  #digests: string[];

  constructor(digests: string[] = []) {
    this.#digests = digests;
  }

  add(content: Content): void {
    this.#digests = [...this.#digests, digestOf(content)].slice(-MOST);
  }

  has(content: Content): boolean {
    return this.#digests.includes(digestOf(content));
  }

  clear(): void {
    this.#digests = [];
  }

  get any(): boolean {
    return this.#digests.length > 0;
  }

  /** To be kept with the text. */
  get digests(): string[] {
    return this.#digests;
  }
}

/** Made at once, unlike SHA-256 in a browser; it tells one's own texts apart and proves nothing. */
export function digestOf({ code, files }: Content): string {
  const paths = Object.keys(files).sort();
  const text = JSON.stringify([code, ...paths.flatMap((path) => [path, files[path]])]);
  let [one, two] = [0xdeadbeef, 0x41c6ce57];
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    one = Math.imul(one ^ unit, 2654435761);
    two = Math.imul(two ^ unit, 1597334677);
  }
  return [one ^ (two >>> 15), two ^ (one >>> 13), text.length]
    .map((part) => (part >>> 0).toString(36))
    .join("-");
}
