import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";

import { brotli } from "../build/compress.ts";

/** What may travel, in KiB. Quality 9 is about a tenth above the best (11) and takes one second, not twenty. */
const QUALITY = 9;
const BUDGETS = {
  page: { js: 6, css: 10 },
  workspace: { js: 60, css: 12 },
  team: { js: 30, css: 10 },
  system: { js: 30, css: 10 },
  monaco: { js: 880, css: 28, font: 72 },
  workers: { typescript: 1160, editor: 88 },
  nodeTypes: 88,
  all: 3072,
  files: 30,
};

interface Chunk {
  file: string;
  css?: string[];
  imports?: string[];
  dynamicImports?: string[];
}

const dist = join(import.meta.dirname, "../../console/static/dist");
let chunks: Record<string, Chunk>;

beforeAll(() => {
  const manifest = join(dist, "manifest.json");
  if (!existsSync(manifest)) throw new Error("Nothing is built to be measured. Run: script/npm run build");
  chunks = JSON.parse(readFileSync(manifest, "utf8")) as Record<string, Chunk>;
});

const sizes = new Map<string, number>();

function size(file: string): number {
  let kib = sizes.get(file);
  if (kib === undefined)
    sizes.set(file, (kib = brotli(readFileSync(join(dist, file)), QUALITY).length / 1024));
  return kib;
}

function sum(files: Iterable<string>): number {
  return [...files].reduce((total, file) => total + size(file), 0);
}

/** The chunk and all it imports at once. */
function closure(key: string, found = new Set<string>()): Set<string> {
  if (found.has(key)) return found;
  found.add(key);
  for (const inner of chunks[key]?.imports ?? []) closure(inner, found);
  return found;
}

const scripts = (keys: Iterable<string>) => [...keys].map((key) => chunks[key]?.file ?? "");
const styles = (keys: Iterable<string>) => new Set([...keys].flatMap((key) => chunks[key]?.css ?? []));
const named = (start: string) =>
  readdirSync(join(dist, "assets"))
    .filter((name) => name.startsWith(start) && /\.(js|ttf)$/.test(name))
    .map((name) => `assets/${name}`);

test.each(["page", "workspace", "team", "system"] as const)("%s starts within its budget", (name) => {
  const keys = closure(`entries/${name}.ts`);
  expect(sum(scripts(keys))).toBeLessThan(BUDGETS[name].js);
  expect(sum(styles(keys))).toBeLessThan(BUDGETS[name].css);
});

test("Monaco, loaded later, is within its budget", () => {
  const start = closure("entries/workspace.ts");
  const later = [...closure("src/editor/monaco.ts")].filter((key) => !start.has(key));
  expect(later.length).toBeGreaterThan(1);
  expect(sum(scripts(later))).toBeLessThan(BUDGETS.monaco.js);
  expect(sum(styles(later))).toBeLessThan(BUDGETS.monaco.css);
  expect(sum(named("codicon-"))).toBeLessThan(BUDGETS.monaco.font);
});

test("each worker is built once and within its budget", () => {
  for (const [name, budget] of Object.entries(BUDGETS.workers)) {
    const files = named(`${name}-`);
    expect(files).toHaveLength(1);
    expect(sum(files)).toBeLessThan(budget);
  }
  expect(named("ts.worker-")).toEqual([]);
});

test("Node's types are within their budget", () => {
  expect(sum(named("_virtual_node-types-"))).toBeLessThan(BUDGETS.nodeTypes);
});

test("all of it is within the budget of a package", () => {
  const files = readdirSync(join(dist, "assets")).filter((name) => !/\.(br|gz)$/.test(name));
  expect(files.length).toBeLessThanOrEqual(BUDGETS.files);
  expect(sum(files.map((name) => `assets/${name}`))).toBeLessThan(BUDGETS.all);
});
