/** Keeps the newest `capacity` items in order; adding never moves the others. */
export class Ring<T> {
  readonly capacity: number;
  readonly #slots: (T | undefined)[];
  #start = 0;
  #size = 0;
  #forgotten = 0;

  constructor(capacity: number) {
    if (capacity < 1) throw new RangeError("A ring needs room for one item");
    this.capacity = capacity;
    this.#slots = new Array<T | undefined>(capacity);
  }

  get size(): number {
    return this.#size;
  }

  /** How many items had to make room since the last `clear`. */
  get forgotten(): number {
    return this.#forgotten;
  }

  push(item: T): void {
    if (this.#size === this.capacity) {
      this.#slots[this.#start] = item;
      this.#start = (this.#start + 1) % this.capacity;
      this.#forgotten++;
      return;
    }
    this.#slots[(this.#start + this.#size) % this.capacity] = item;
    this.#size++;
  }

  at(index: number): T | undefined {
    if (index < 0 || index >= this.#size) return undefined;
    return this.#slots[(this.#start + index) % this.capacity];
  }

  clear(): void {
    this.#slots.fill(undefined);
    this.#start = this.#size = this.#forgotten = 0;
  }

  filter(keep: (item: T) => boolean): T[] {
    const kept: T[] = [];
    for (let index = 0; index < this.#size; index++) {
      const item = this.at(index) as T;
      if (keep(item)) kept.push(item);
    }
    return kept;
  }
}
