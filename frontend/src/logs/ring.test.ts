import { describe, expect, test } from "vitest";

import { Ring } from "./ring.ts";

const all = <T>(ring: Ring<T>) => ring.filter(() => true);

describe("Ring", () => {
  test("keeps the order of arrival", () => {
    const ring = new Ring<number>(4);
    [1, 2, 3].forEach((item) => ring.push(item));
    expect(all(ring)).toEqual([1, 2, 3]);
    expect(ring.at(0)).toBe(1);
    expect(ring.at(3)).toBeUndefined();
  });

  test("forgets the oldest when full, and counts them", () => {
    const ring = new Ring<number>(3);
    for (let item = 1; item <= 8; item++) ring.push(item);
    expect(all(ring)).toEqual([6, 7, 8]);
    expect(ring.at(0)).toBe(6);
    expect(ring.at(-1)).toBeUndefined();
    expect(ring.size).toBe(3);
    expect(ring.forgotten).toBe(5);
  });

  test("is empty again after clear and can be filled anew", () => {
    const ring = new Ring<number>(2);
    [1, 2, 3].forEach((item) => ring.push(item));
    ring.clear();
    expect(all(ring)).toEqual([]);
    expect(ring.forgotten).toBe(0);
    ring.push(4);
    expect(all(ring)).toEqual([4]);
  });

  test("filters in order across the seam", () => {
    const ring = new Ring<number>(4);
    for (let item = 1; item <= 6; item++) ring.push(item);
    expect(ring.filter((item) => item % 2 === 0)).toEqual([4, 6]);
  });

  test("refuses a capacity of nothing", () => {
    expect(() => new Ring(0)).toThrow(RangeError);
  });
});
