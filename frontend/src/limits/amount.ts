import type { Limit } from "../lib/types.ts";

/** A limit's number as people read and write it: bytes in KiB, MiB or GiB, time in ms or s. Pure. */
const SCALES: Record<string, [suffix: string, size: number][]> = {
  bytes: [
    ["GiB", 1024 ** 3],
    ["MiB", 1024 ** 2],
    ["KiB", 1024],
    ["bytes", 1],
  ],
  ms: [
    ["s", 1000],
    ["ms", 1],
  ],
};

export interface Unit {
  suffix: string;
  size: number;
}

/** The largest unit in which `value` is a whole number, or one with few decimals. */
export function unitOf(limit: Limit, value: number): Unit {
  const scale = SCALES[limit.unit] ?? [[limit.unit, 1]];
  const [suffix, size] =
    scale.find(([, size]) => value >= size && (value * 100) % size === 0) ?? scale.at(-1)!;
  return { suffix, size };
}

/** "128 MiB", "1,000 lines a second". */
export function amount(limit: Limit, value: number): string {
  const { suffix, size } = unitOf(limit, value);
  const number = (value / size).toLocaleString("en", { maximumFractionDigits: 2 });
  return `${number} ${suffix}${limit.per && ` a ${limit.per}`}`;
}

/** What was typed, in the limit's own unit; null for nothing, NaN for what is no number. */
export function parse(text: string, size: number): number | null {
  const digits = text.replaceAll(/[,\s_]/g, "");
  if (digits === "") return null;
  return /^\d+(\.\d+)?$/.test(digits) ? Math.round(Number(digits) * size) : NaN;
}

/** Why `value` cannot be; "" when it can. The server's word is the last one. */
export function trouble(limit: Limit, value: number | null): string {
  if (value === null) return "";
  if (value >= limit.lowest && value <= limit.ceiling) return "";
  return `Write a number from ${amount(limit, limit.lowest)} to ${amount(limit, limit.ceiling)}.`;
}
