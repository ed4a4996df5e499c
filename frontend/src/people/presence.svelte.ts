import type { Present } from "../lib/live.ts";

/** Between two messages to the others; what comes sooner waits, and the last one counts. */
const EVERY = 2_000;
/** Who has not typed for so long is looking. */
const IDLE = 15_000;

export interface Here {
  t: "here";
  topic: string;
  editing: boolean;
  line: number | null;
  file: string | null;
}

/** Who else has this webtask open, and what they are told of this page. */
export class Presence {
  readonly #topic: string;
  readonly #say: (here: Here) => void;
  readonly #heard = new Set<number>();
  #editing = false;
  #line: number | null = null;
  #file: string | null = null;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #wait: ReturnType<typeof setTimeout> | undefined;
  #said = "";
  #at = -EVERY;

  people = $state.raw<Present[]>([]);
  /** For a screen reader: who began to edit, once for each time that they came. */
  news = $state("");

  constructor(topic: string, say: (here: Here) => void) {
    this.#topic = topic;
    this.#say = say;
  }

  /** What a new connection begins with. */
  greet(): Here {
    const here = this.#here();
    this.#said = JSON.stringify(here);
    this.#at = performance.now();
    return here;
  }

  hear(people: Present[]): void {
    this.people = people;
    const there = new Set(people.map(({ id }) => id));
    for (const id of this.#heard) if (!there.has(id)) this.#heard.delete(id);
    const begun = people.filter(({ id, editing }) => editing && !this.#heard.has(id));
    for (const { id } of begun) this.#heard.add(id);
    if (begun.length) this.news = begun.map(({ name }) => `${name} is editing`).join(", ");
  }

  /** Somebody typed here. */
  typed(): void {
    this.#editing = true;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      this.#editing = false;
      this.#tell();
    }, IDLE);
    this.#tell();
  }

  /** The cursor is there; `file` is null in the code itself. */
  at(line: number, file: string | null): void {
    this.#line = line;
    this.#file = file;
    if (this.#editing) this.#tell();
  }

  #here(): Here {
    const [line, file] = this.#editing ? [this.#line, this.#file] : [null, null];
    return { t: "here", topic: this.#topic, editing: this.#editing, line, file };
  }

  #tell(): void {
    if (this.#wait !== undefined) return;
    this.#wait = setTimeout(
      () => {
        this.#wait = undefined;
        const last = this.#said;
        const here = this.greet();
        if (last !== this.#said) this.#say(here);
      },
      Math.max(0, this.#at + EVERY - performance.now()),
    );
  }
}
