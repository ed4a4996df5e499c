import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";

/** What the workspace is made of. */
const PARTS = [
  ...["src/lib", "src/ui", "src/editor", "src/logs", "src/network", "src/requests", "src/versions"],
  ...["src/limits", "src/guard", "src/secrets", "src/sharing", "src/storage", "src/schedule", "src/modules"],
  ...["src/people", "src/about"],
];

/** Who may import whom. A folder missing here, or an arrow missing here, is refused. */
const ARROWS: Record<string, string[]> = {
  "src/lib": [],
  "src/ui": ["src/lib"],
  "src/editor/types": [],
  "src/editor/workers": ["src/lib"],
  "src/editor": ["src/lib", "src/ui", "src/editor/workers", "src/editor/types"],
  "src/about": ["src/lib", "src/ui"],
  "src/limits": ["src/lib", "src/ui"],
  "src/guard": ["src/lib", "src/ui"],
  "src/secrets": ["src/lib", "src/ui"],
  "src/storage": ["src/lib", "src/ui"],
  "src/schedule": ["src/lib", "src/ui"],
  "src/modules": ["src/lib", "src/ui"],
  "src/network": ["src/lib", "src/ui"],
  "src/sharing": ["src/lib", "src/ui"],
  "src/system": ["src/lib", "src/ui"],
  "src/logs": ["src/lib", "src/ui", "src/network"],
  "src/requests": ["src/lib", "src/ui", "src/network"],
  "src/versions": ["src/lib", "src/ui", "src/editor"],
  "src/people": ["src/lib", "src/ui", "src/editor", "src/versions"],
  "src/workspace": [...PARTS, "src/workspace/views"],
  // Fetched when the first is looked at.
  "src/workspace/views": [...PARTS, "src/workspace", "src/workspace/merge"],
  "src/workspace/merge": ["src/lib", "src/ui", "src/editor", "src/workspace"],
  entries: ["src/lib", "src/ui", "src/workspace", "src/limits", "src/system"],
};

const IMPORT = /(?:\bfrom\s+|\bimport\s*\(?\s*)["']([^"']+)["']/g;

const root = join(import.meta.dirname, "..");
const files = globSync("{src,entries}/**/*.{ts,svelte}", { cwd: root }).filter(
  (file) => !file.includes(".test."),
);
const imports = files.flatMap((file) =>
  [...readFileSync(join(root, file), "utf8").matchAll(IMPORT)].map(([, name = ""]) => ({ file, name })),
);

test("finds the sources and their imports", () => {
  expect(files.length).toBeGreaterThan(40);
  expect(imports.length).toBeGreaterThan(100);
});

test("folders import only along the arrows", () => {
  const wrong = imports
    .filter(({ name }) => name.startsWith("."))
    .map(({ file, name }) => ({
      from: dirname(file),
      to: dirname(normalize(join(dirname(file), name))),
      file,
    }))
    .filter(({ from, to }) => from !== to && !ARROWS[from]?.includes(to));
  expect(wrong).toEqual([]);
});

test("only src/editor knows Monaco", () => {
  const outside = imports.filter(
    ({ file, name }) => name.startsWith("monaco-editor") && !file.startsWith(normalize("src/editor/")),
  );
  expect(outside).toEqual([]);
});

test("Monaco is loaded on demand: nothing imports it at start-up", () => {
  const doors = imports.filter(({ name }) => name.endsWith("/monaco.ts"));
  expect(doors.length).toBeGreaterThan(0);
  for (const { file } of doors) {
    expect(readFileSync(join(root, file), "utf8")).not.toMatch(/from\s+["'][^"']*\/monaco\.ts["']/);
  }
});
