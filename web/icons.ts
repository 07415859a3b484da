import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Plugin } from "vitest/config";

type Icons = { icons: Record<string, { body: string }>; aliases?: Record<string, { parent: string }> };

/** Where an icon is named: `icon="bell"` in Python, `icon: bell` in packs, `{% icon "bell" %}` in templates. */
const NAMED: Record<string, RegExp> = {
  ".py": /\bicon="([a-z0-9-]+)"/g,
  ".yaml": /^\s*icon: "?([a-z0-9-]+)"?\s*$/gm,
  ".html": /\{% icon "([a-z0-9-]+)"/g,
};

export function iconNames(text: string, extension: string): string[] {
  return [...text.matchAll(NAMED[extension])].map((found) => found[1]);
}

/** One sprite of exactly the icons that the sources name. An unknown name stops the build. */
export function sprite(set: Icons, names: Iterable<string>): string {
  const symbols = [...new Set(names)].sort().map((name) => {
    const body = (set.icons[name] ?? set.icons[set.aliases?.[name]?.parent ?? ""])?.body;
    if (!body) throw new Error(`There is no Tabler icon "${name}". Look it up on tabler.io/icons (outline set).`);
    return `<symbol id="${name}" viewBox="0 0 24 24">${body}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}

/** Writes dist/icons.svg, read by the template tag `icon`. */
export function icons(sources: string): Plugin {
  return {
    name: "anlan:icons",
    apply: "build",
    generateBundle() {
      const names: string[] = [];
      for (const file of readdirSync(sources, { recursive: true, encoding: "utf8" })) {
        const extension = file.slice(file.lastIndexOf("."));
        if (extension in NAMED) names.push(...iconNames(readFileSync(join(sources, file), "utf8"), extension));
      }
      const set = createRequire(import.meta.url)("@iconify-json/tabler/icons.json") as Icons;
      this.emitFile({ type: "asset", fileName: "icons.svg", source: sprite(set, names) });
    },
  };
}
