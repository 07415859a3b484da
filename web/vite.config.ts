import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vitest/config";
import { icons } from "./icons.ts";

const WEB = dirname(fileURLToPath(import.meta.url));
const CAPABILITIES = resolve(WEB, "../src/anlan");

/** Entries by name: `shell` for web/src/shell.ts, `onemap/map` for src/anlan/onemap/islands/map.ts. */
function entries(): Record<string, string> {
  const found: Record<string, string> = {};
  const isEntry = (file: string) => file.endsWith(".ts") && !/\.(test|d)\.ts$/.test(file);
  for (const file of readdirSync(join(WEB, "src"))) {
    if (isEntry(file)) found[basename(file, ".ts")] = join(WEB, "src", file);
  }
  for (const file of readdirSync(CAPABILITIES, { recursive: true, encoding: "utf8" })) {
    if (!isEntry(file) || basename(dirname(file)) !== "islands") continue;
    found[`${basename(dirname(dirname(file)))}/${basename(file, ".ts")}`] = join(CAPABILITIES, file);
  }
  return found;
}

/** Islands live in their capability, outside web/: their packages are still those of web/node_modules. */
function packagesOfWeb(): Plugin {
  return {
    name: "anlan:packages-of-web",
    enforce: "pre",
    resolveId(source, importer, options) {
      const bare = !/^[./\0]|^[a-z]+:/i.test(source) && !source.startsWith("@/");
      if (!bare || !importer?.startsWith(CAPABILITIES)) return null;
      return this.resolve(source, join(WEB, "src", "shell.ts"), { ...options, skipSelf: true });
    },
  };
}

/** A .gz beside every text file, so that the server never compresses while somebody waits. */
function compressed(): Plugin {
  return {
    name: "anlan:compressed",
    apply: "build",
    writeBundle({ dir }, bundle) {
      for (const name of Object.keys(bundle)) {
        if (!/\.(m?js|css|svg|json)$/.test(name)) continue;
        const path = join(dir!, name);
        const bytes = readFileSync(path);
        if (bytes.length > 1400) writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 7 }));
      }
    },
  };
}

/** Removes what an earlier build left, only after this one is written: a running platform never misses its manifest. */
function swept(): Plugin {
  return {
    name: "anlan:swept",
    apply: "build",
    writeBundle: {
      order: "post",
      sequential: true,
      handler({ dir }, bundle) {
        const made = new Set([...Object.keys(bundle), ...Object.keys(bundle).map((name) => `${name}.gz`), ".ready"]);
        for (const file of readdirSync(dir!, { recursive: true, withFileTypes: true })) {
          const path = join(file.parentPath, file.name);
          if (file.isFile() && !made.has(relative(dir!, path))) rmSync(path);
        }
      },
    },
  };
}

export default defineConfig({
  root: WEB,
  base: "./",
  resolve: { alias: { "@": join(WEB, "src") } },
  plugins: [packagesOfWeb(), icons(CAPABILITIES), compressed(), swept()],
  server: { fs: { allow: [WEB, CAPABILITIES] } },
  build: {
    outDir: "dist",
    emptyOutDir: false,
    manifest: "manifest.json",
    target: "es2022",
    sourcemap: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 3000,
    // No inline data: the page's policy (CSP) allows images from data: only, and one rule is easier to keep than two.
    assetsInlineLimit: 0,
    // The polyfill for browsers without modulepreload would be a script of its own on every page.
    modulePreload: { polyfill: false },
    rollupOptions: { input: entries() },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.ts", "../src/anlan/**/islands/**/*.test.ts"],
    root: WEB,
  },
});
