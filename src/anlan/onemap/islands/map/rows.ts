/** The rows of one layer in typed arrays: read from a page, changed by live events, narrowed by filters. Pure. */
import { numbers, type Page } from "@/columns/page";

export type Key = number | string;
export type Numbers = ArrayLike<number> & { [Symbol.iterator](): IterableIterator<number> };

export interface Rows {
  count: number;
  /** Degrees, longitude and latitude in turn. */
  place: Float64Array;
  mark: Uint8Array;
  keys: Key[];
  columns: Map<string, Numbers>;
  /** Texts of the columns that are sent as numbers of a list. */
  values: Record<string, string[]>;
}

export interface Narrowing {
  /** Lines of the legend that are switched off. */
  hidden: Set<number>;
  /** Column -> codes that stay. */
  chosen: Map<string, Set<number>>;
  /** Column -> lowest and highest value that stay. */
  ranges: Map<string, [number, number]>;
}

const OWN = new Set(["position", "mark", "id"]);

export function read(page: Page): Rows {
  const scale = Number(page.meta.scale ?? 1);
  const place = Float64Array.from(numbers(page, "position"), (value) => value * scale);
  const keys = (page.meta.ids as string[] | undefined) ?? Array.from(numbers(page, "id"));
  const columns = new Map<string, Numbers>();
  for (const name of page.columns.keys()) if (!OWN.has(name)) columns.set(name, numbers(page, name));
  const values = (page.meta.values ?? {}) as Record<string, string[]>;
  return { count: page.count, place, mark: Uint8Array.from(numbers(page, "mark")), keys, columns, values };
}

export function nothing(): Narrowing {
  return { hidden: new Set(), chosen: new Map(), ranges: new Map() };
}

export function isNarrowed(narrowing: Narrowing): boolean {
  return narrowing.hidden.size + narrowing.chosen.size + narrowing.ranges.size > 0;
}

/** The rows that stay, in order. */
export function narrow(rows: Rows, narrowing: Narrowing): Uint32Array {
  const tests: ((row: number) => boolean)[] = [];
  if (narrowing.hidden.size) {
    const shown = Uint8Array.from({ length: 256 }, (_, line) => (narrowing.hidden.has(line) ? 0 : 1));
    tests.push((row) => shown[rows.mark[row]] === 1);
  }
  for (const [name, codes] of narrowing.chosen) {
    const column = rows.columns.get(name);
    if (column) tests.push((row) => codes.has(column[row]));
  }
  for (const [name, [low, high]] of narrowing.ranges) {
    const column = rows.columns.get(name);
    if (column) tests.push((row) => column[row] >= low && column[row] <= high);
  }
  const kept = new Uint32Array(rows.count);
  let count = 0;
  for (let row = 0; row < rows.count; row++) {
    if (tests.every((test) => test(row))) kept[count++] = row;
  }
  return kept.subarray(0, count);
}

/**
 * After a live event: `asked` keys were fetched again and `fresh` is what came. Rows that came replace or join, rows that
 * were asked for and did not come are gone. Text columns keep the list of texts of the old rows and add to it.
 */
export function merge(old: Rows, fresh: Rows, asked: Iterable<Key>): Rows {
  const away = new Set<string>([...asked].map(String));
  fresh.keys.forEach((key) => away.add(String(key)));
  const kept: number[] = [];
  old.keys.forEach((key, row) => {
    if (!away.has(String(key))) kept.push(row);
  });
  const count = kept.length + fresh.count;
  const place = new Float64Array(2 * count);
  const mark = new Uint8Array(count);
  kept.forEach((row, index) => {
    place[2 * index] = old.place[2 * row];
    place[2 * index + 1] = old.place[2 * row + 1];
    mark[index] = old.mark[row];
  });
  place.set(fresh.place, 2 * kept.length);
  mark.set(fresh.mark, kept.length);
  const columns = new Map<string, Numbers>();
  const values: Record<string, string[]> = {};
  for (const name of new Set([...old.columns.keys(), ...fresh.columns.keys()])) {
    const before = old.columns.get(name);
    const after = recode(name, old, fresh, values);
    columns.set(name, Float64Array.from([...kept.map((row) => before?.[row] ?? NaN), ...after]));
  }
  return { count, place, mark, keys: [...kept.map((row) => old.keys[row]), ...fresh.keys], columns, values };
}

function recode(name: string, old: Rows, fresh: Rows, values: Record<string, string[]>): number[] {
  const column = Array.from(fresh.columns.get(name) ?? []);
  const texts = fresh.values[name];
  if (!texts && !old.values[name]) return column;
  const list = [...(old.values[name] ?? [])];
  values[name] = list;
  return column.map((code) => {
    const text = texts?.[code];
    if (text === undefined) return code;
    if (!list.includes(text)) list.push(text);
    return list.indexOf(text);
  });
}

/** West, south, east and north of the rows, or null when there are none. */
export function bounds(rows: Rows): [number, number, number, number] | null {
  if (!rows.count) return null;
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let index = 0; index < rows.place.length; index += 2) {
    west = Math.min(west, rows.place[index]);
    east = Math.max(east, rows.place[index]);
    south = Math.min(south, rows.place[index + 1]);
    north = Math.max(north, rows.place[index + 1]);
  }
  return [west, south, east, north];
}
