import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const COMPRESSIBLE = /\.(js|css|json|svg|txt)$/;

/** Quality 11 takes half a minute for a twelfth less; a release sets WEBTASKS_BROTLI=11. */
const quality = Number(process.env["WEBTASKS_BROTLI"] ?? 5);

/** Writes `.br` and `.gz` beside each asset, so that no server compresses while somebody waits. */
export function compress(): Plugin {
  let folder = "";
  return {
    name: "webtasks-compress",
    apply: "build",
    configResolved(config) {
      folder = join(config.build.outDir, config.build.assetsDir);
    },
    closeBundle() {
      for (const name of readdirSync(folder)) {
        if (!COMPRESSIBLE.test(name)) continue;
        const path = join(folder, name);
        const content = readFileSync(path);
        writeFileSync(`${path}.br`, brotli(content, quality));
        writeFileSync(`${path}.gz`, gzipSync(content, { level: 6 }));
      }
    },
  };
}

export function brotli(content: Buffer, level: number): Buffer {
  return brotliCompressSync(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: level,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  });
}
