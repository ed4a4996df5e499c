import { expect, test } from "vitest";

import type { Version } from "../lib/types.ts";
import { Shelf } from "./shelf.ts";

test("a version is fetched once, and a failure is asked again", async () => {
  const asked: number[] = [];
  let fails = true;
  const shelf = new Shelf((number) => {
    asked.push(number);
    return fails ? Promise.reject(new Error("away")) : Promise.resolve({ number } as Version);
  });
  await expect(shelf.get(1)).rejects.toThrow("away");
  fails = false;
  expect((await shelf.get(1)).number).toBe(1);
  expect(shelf.get(1)).toBe(shelf.get(1));
  expect(asked).toEqual([1, 1]);
});

test("of many the ones looked at last stay", async () => {
  const asked: number[] = [];
  const shelf = new Shelf((number) => {
    asked.push(number);
    return Promise.resolve({ number } as Version);
  });
  for (let number = 1; number <= 20; number++) await shelf.get(number);
  await shelf.get(1);
  await shelf.get(21);
  await shelf.get(1);
  await shelf.get(2);
  expect(asked.slice(20)).toEqual([21, 2]);
});
