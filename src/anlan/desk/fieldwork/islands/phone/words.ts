/** The words of the app, in the language of its page. */
import type { Words } from "./shapes";

export const read = (page: Document): Words => JSON.parse(page.getElementById("words")!.textContent!) as Words;

export const filled = (text: string, values: Record<string, string | number>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
