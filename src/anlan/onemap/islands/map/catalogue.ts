/** The layers this person may see, as `/map/layers.json` tells. */

export interface Mark {
  colour: string;
  shape: string;
  word: string;
}

export interface FilterInfo {
  column: string;
  title: string;
  /** Words of a choice; null for texts and numbers, which the page itself tells. */
  words: string[] | null;
}

export interface LayerInfo {
  name: string;
  title: string;
  group: string;
  kind: "point" | "heat" | "line" | "polygon";
  count: number;
  marks: Mark[];
  filters: FilterInfo[];
  weight: string | null;
  size: number;
  minZoom: number;
  visible: boolean;
  live: string | null;
  searchable: boolean;
}

export type Words = Record<string, string>;

/** `{name}` in a text becomes the value of that name. */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

export function addressOf(template: string, parts: Record<string, string>): string {
  return Object.entries(parts).reduce((address, [name, value]) => address.replace(name, encodeURIComponent(value)), template);
}

export function readJson<T>(id: string, fallback: T): T {
  const text = document.getElementById(id)?.textContent;
  return text ? (JSON.parse(text) as T) : fallback;
}

export async function get(address: string, signal?: AbortSignal): Promise<Response> {
  const answer = await fetch(address, { signal, headers: { Accept: "application/json, */*" } });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return answer;
}
