import { svelte } from "@sveltejs/vite-plugin-svelte";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

import { compress } from "./build/compress.ts";
import { nodeTypes } from "./build/nodeTypes.ts";
import { ourWorkers } from "./build/ourWorkers.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  // Relative, so the same build works under any STATIC_URL or path prefix.
  base: "./",
  plugins: [ourWorkers(), svelte(), nodeTypes(), compress()],
  build: {
    outDir: here("../console/static/dist"),
    emptyOutDir: true,
    target: "es2023",
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    // Inlined fonts and images would need data: in font-src.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 8000,
    reportCompressedSize: false,
    rolldownOptions: {
      input: Object.fromEntries(
        ["workspace", "page", "team", "system", "passkey"].map((name) => [name, here(`entries/${name}.ts`)]),
      ),
      output: {
        entryFileNames: "assets/[name]-[hash].js",
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
        // A file each for the few hundred bytes that two entries share would cost more requests than it saves.
        codeSplitting: {
          groups: [
            { name: "lib", test: /src\/lib\/(copy|editLink|keys|teams|theme)\.ts$/, priority: 2 },
            {
              name: "island",
              test: /node_modules\/(svelte|esm-env|clsx)\/|src\/(lib|ui)\/.*(?<!\.css)$|preload-helper/,
              minShareCount: 2,
              priority: 1,
            },
            // What the editor and the row of its files share, which both come later.
            { name: "requests", test: /src\/editor\/(mentions|paths)\.ts$/, minShareCount: 2, priority: 1 },
            { name: "text", test: /src\/(editor|limits)\//, minShareCount: 2 },
          ],
        },
      },
    },
  },
  worker: { format: "es" },
  // No test waits for so long: only a machine with much else to do makes one late.
  test: { include: ["{src,build,tests}/**/*.test.ts"], environment: "node", testTimeout: 60_000 },
});
