/** One layer in the browser: its rows, what of them is shown, and the arrays deck.gl draws. */
import type { FeatureCollection } from "geojson";
import { unpack } from "@/columns/page";
import { get, type LayerInfo } from "./catalogue";
import { isNarrowed, merge, narrow, nothing, read, type Key, type Narrowing, type Rows } from "./rows";
import { shapeNumber } from "./shapes";

export interface Drawn {
  length: number;
  attributes: Record<string, { value: Float64Array | Float32Array | Uint8Array; size: number; normalized?: boolean }>;
}

export class Source {
  on = false;
  narrowing: Narrowing = nothing();
  rows: Rows | null = null;
  features: FeatureCollection | null = null;
  /** The rows that are shown, by their number in `rows`. */
  shown: Uint32Array = new Uint32Array();
  drawn: Drawn = { length: 0, attributes: {} };
  private loading: Promise<void> | null = null;

  constructor(
    readonly info: LayerInfo,
    private readonly address: string,
  ) {}

  get isPlaced(): boolean {
    return this.info.kind === "point" || this.info.kind === "heat";
  }

  get isLoaded(): boolean {
    return this.rows !== null || this.features !== null;
  }

  /** Fetches the layer once; two askers wait for the same answer. */
  load(again = false): Promise<void> {
    if (this.isLoaded && !again) return Promise.resolve();
    this.loading ??= this.fetchAll().finally(() => (this.loading = null));
    return this.loading;
  }

  private async fetchAll(): Promise<void> {
    const answer = await get(this.address);
    if (this.isPlaced) this.rows = read(unpack(await answer.arrayBuffer()));
    else this.features = (await answer.json()) as FeatureCollection;
    this.refresh();
  }

  /** Fetches the rows with these keys again and puts them in their place. Gives the keys that are now there. */
  async change(keys: Key[]): Promise<Key[]> {
    if (!this.isLoaded) return [];
    if (!this.isPlaced || !this.rows) {
      await this.load(true);
      return keys;
    }
    const answer = await get(`${this.address}?ids=${keys.map((key) => encodeURIComponent(String(key))).join(",")}`);
    const fresh = read(unpack(await answer.arrayBuffer()));
    this.rows = merge(this.rows, fresh, keys);
    this.info.count = this.rows.count;
    this.refresh();
    return fresh.keys;
  }

  /** After a change of rows or filters. */
  refresh(): void {
    if (!this.rows) return;
    this.shown = narrow(this.rows, this.narrowing);
    this.drawn = drawn(this.rows, this.shown, this.info);
  }

  get isNarrowed(): boolean {
    return isNarrowed(this.narrowing);
  }

  get shownCount(): number {
    return this.rows ? this.shown.length : this.info.count;
  }

  /** How many rows each line of the legend stands for; null before the layer is loaded. */
  countsByMark(): number[] | null {
    if (!this.isLoaded) return null;
    const counts = new Array<number>(this.info.marks.length).fill(0);
    this.rows?.mark.forEach((mark) => (counts[mark] += 1));
    this.features?.features.forEach((feature) => (counts[Number(feature.properties?.mark)] += 1));
    return counts;
  }

  keyOf(drawnIndex: number): Key | undefined {
    return this.rows?.keys[this.shown[drawnIndex]];
  }

  placeOf(key: Key): [number, number] | null {
    const row = this.rows?.keys.findIndex((other) => String(other) === String(key)) ?? -1;
    return row < 0 ? null : [this.rows!.place[2 * row], this.rows!.place[2 * row + 1]];
  }
}

/** The arrays of the shown rows: place, colour and shape, and the weight of a heat layer. */
export function drawn(rows: Rows, shown: Uint32Array, info: LayerInfo): Drawn {
  const looks = info.marks.map((mark) => [...rgb(mark.colour), shapeNumber(mark.shape)]);
  const place = new Float64Array(2 * shown.length);
  const colour = new Uint8Array(4 * shown.length);
  const shape = new Float32Array(shown.length);
  shown.forEach((row, index) => {
    const look = looks[rows.mark[row]] ?? looks[looks.length - 1];
    place[2 * index] = rows.place[2 * row];
    place[2 * index + 1] = rows.place[2 * row + 1];
    colour[4 * index] = look[0];
    colour[4 * index + 1] = look[1];
    colour[4 * index + 2] = look[2];
    colour[4 * index + 3] = 255;
    shape[index] = look[3];
  });
  const attributes: Drawn["attributes"] = {
    getPosition: { value: place, size: 2 },
    getFillColor: { value: colour, size: 4, normalized: true },
    getShape: { value: shape, size: 1 },
  };
  const weights = info.weight ? rows.columns.get(info.weight) : undefined;
  if (weights) attributes.getWeight = { value: Float32Array.from(shown, (row) => weights[row] || 0), size: 1 };
  return { length: shown.length, attributes };
}

export function rgb(hex: string): [number, number, number] {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
