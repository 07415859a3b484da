/**
 * The one map as an element. Everything comes in through attributes, so the server's page stays plain HTML:
 *
 *     <one-map data-layers="/map/layers.json" data-page="/map/layers/LAYER.columns" data-geojson="…" data-item="…"
 *              data-search="…" data-here="…" data-live="/live/" data-base="/map/base.pmtiles" data-mode="screen">
 *
 * What is not in the element (search box, tools, side, panel) is left out: the big screen shows the canvas alone.
 * Fires `one-map:changed` (detail: layer, keys) when a live change is on the screen.
 */
import "maplibre-gl/dist/maplibre-gl.css";
import type { Feature } from "geojson";
import { PMTiles } from "pmtiles";
import { follow } from "@/live/rooms";
import "./map/map.css";
import { Around } from "./map/around";
import { Asking, drawnShape, feature } from "./map/asking";
import { Canvas } from "./map/canvas";
import { addressOf, fill, get, readJson, type LayerInfo, type Words } from "./map/catalogue";
import { Panel } from "./map/panel";
import { format, parse, type Shown } from "./map/permalink";
import { bounds, nothing, type Key } from "./map/rows";
import { SearchBox } from "./map/searchbox";
import { Side, basesOf } from "./map/side";
import { Source } from "./map/source";
import { baseStyle, type Online } from "./map/style";
import { outlineOf, type Asked, type Kind } from "./map/tools";

type Bounds = [number, number, number, number];

export class OneMap extends HTMLElement {
  sources: Source[] = [];
  private words: Words = {};
  private online: Online[] = [];
  private shown!: Shown;
  private base = "blank";
  private canvas!: Canvas;
  private side: Side | null = null;
  private panel: Panel | null = null;
  private asking: Asking | null = null;
  private around: Around | null = null;
  private selection: Feature[] = [];
  private answer: Feature[] = [];
  private drawing: Feature[] = [];
  private surroundings: Feature[] = [];
  private ends: (() => void)[] = [];
  private writing = 0;

  connectedCallback(): void {
    if (this.canvas) return;
    void this.start();
  }

  disconnectedCallback(): void {
    this.ends.forEach((end) => end());
    this.canvas?.map.remove();
  }

  private async start(): Promise<void> {
    this.words = readJson<Words>("one-map-words", {});
    this.online = readJson<Online[]>("one-map-basemaps", []);
    this.shown = parse(location.hash);
    const bases = basesOf(this.online, Boolean(this.dataset.base), this.words);
    this.base = bases.find((each) => each.name === this.shown.base)?.name ?? bases[0].name;
    try {
      this.canvas = new Canvas(this.child(".one-map-canvas") ?? this, this.isDark(), this.shown, this.locale());
    } catch {
      return this.tell(this.words.noGraphics);
    }
    this.drawBase();
    this.controls();
    const found = await this.layers();
    if (!found) return;
    this.sources = found.map((info) => this.source(info));
    this.side?.draw(this.sources, bases, this.base);
    this.canvas.setSources(this.sources);
    await Promise.all(this.sources.filter((source) => source.on).map((source) => this.load(source)));
    if (!this.shown.centre) await this.fit();
    this.restore();
    this.follow();
    this.dataset.ready = "yes";
  }

  private async layers(): Promise<LayerInfo[] | null> {
    try {
      return ((await (await get(this.dataset.layers!)).json()) as { layers: LayerInfo[] }).layers;
    } catch (problem) {
      this.tell(fill(this.words.failed, { layer: this.words.legend, reason: (problem as Error).message }));
      return null;
    }
  }

  private source(info: LayerInfo): Source {
    const points = info.kind === "point" || info.kind === "heat";
    const source = new Source(info, addressOf((points ? this.dataset.page : this.dataset.geojson)!, { LAYER: info.name }));
    const only = this.dataset.only?.split(",");
    source.on = this.shown.on ? this.shown.on.includes(info.name) : only ? only.includes(info.name) : info.visible;
    source.narrowing = this.shown.narrowing.get(info.name) ?? nothing();
    return source;
  }

  private child<T extends HTMLElement>(selector: string): T | null {
    return this.querySelector<T>(selector);
  }

  private controls(): void {
    const { map } = this.canvas;
    const layers = this.child(".one-map-layers");
    if (layers) {
      this.side = new Side(layers, this.words, {
        toggle: (source, on) => void this.toggle(source, on),
        narrow: (source) => this.narrowed(source),
        base: (name) => this.setBase(name),
      });
    }
    const panel = this.child(".one-map-panel");
    if (panel) {
      this.panel = new Panel(panel, this.words, {
        open: (layer, key, place) => void this.open(layer, key, place, true),
        close: () => this.deselect(),
      }, this.dataset);
      const failed = (reason: string) => fill(this.words.failed, { layer: this.words.around, reason });
      this.around = new Around(panel, failed, (features, fit) => this.surround(features, fit));
    }
    const tools = this.child(".one-map-tools");
    const say = this.child(".one-map-say");
    if (tools && say) {
      this.asking = new Asking(this.canvas, tools, say, this.words, {
        start: () => this.panel?.close(),
        asked: (asked) => void this.ask(asked),
        sketch: (features) => this.sketch({ drawing: features }),
      });
    }
    const box = this.child<HTMLInputElement>(".one-map-search input");
    const hits = this.child(".one-map-hits");
    if (box && hits) {
      new SearchBox(box, hits, this.dataset.search!, this.words, (hit) => void this.open(hit.layer, hit.key, [hit.lon, hit.lat]));
    }
    const handle = this.child<HTMLButtonElement>(".one-map-handle");
    handle?.addEventListener("click", () => this.fold(handle.getAttribute("aria-expanded") === "true"));
    if (matchMedia("(max-width: 767px)").matches) this.fold(true);
    map.on("click", (event) => this.clicked(event.point, event.lngLat.toArray() as [number, number]));
    map.on("moveend", () => this.write());
    map.getContainer().addEventListener("keydown", (event) => this.key(event));
    const theme = new MutationObserver(() => this.drawBase());
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
    const back = () => location.hash.slice(1) !== format(this.current()) && location.reload();
    window.addEventListener("hashchange", back);
    this.ends.push(() => theme.disconnect(), () => window.removeEventListener("hashchange", back));
  }

  private fold(closed: boolean): void {
    this.child(".one-map-handle")?.setAttribute("aria-expanded", String(!closed));
    this.child(".one-map-side")?.classList.toggle("one-map-folded", closed);
  }

  private isDark(): boolean {
    return document.documentElement.dataset.bsTheme === "dark" || this.dataset.mode === "screen";
  }

  private locale(): Record<string, string> {
    return { "Map.Title": this.words.title ?? "Map", "NavigationControl.ZoomIn": this.words.closer ?? "+", "NavigationControl.ZoomOut": this.words.farther ?? "−" };
  }

  private drawBase(): void {
    const localUrl = this.dataset.base ? new URL(this.dataset.base, location.href).href : null;
    const choice = { name: this.base, localUrl, online: this.online, dark: this.isDark(), language: document.documentElement.lang };
    this.canvas.setBase(baseStyle(choice), this.isDark());
  }

  private setBase(name: string): void {
    this.base = name;
    this.drawBase();
    this.write();
  }

  private async load(source: Source): Promise<void> {
    this.side?.update(source, "loading");
    try {
      await source.load();
      this.side?.update(source);
    } catch (problem) {
      this.side?.update(source, "failed");
      this.tell(fill(this.words.failed, { layer: source.info.title, reason: (problem as Error).message }));
    }
    if (source.isPlaced) this.canvas.drawMarks();
    else this.canvas.setSources(this.sources);
  }

  private async toggle(source: Source, on: boolean): Promise<void> {
    source.on = on;
    this.write();
    if (on) await this.load(source);
    else if (source.isPlaced) this.canvas.drawMarks();
    else this.canvas.setSources(this.sources);
  }

  private narrowed(source: Source): void {
    source.refresh();
    this.side?.update(source);
    if (source.isPlaced) this.canvas.drawMarks();
    else this.canvas.setSources(this.sources);
    this.write();
  }

  /** Without a permalink: all that is shown, or else the area of the base map. */
  private async fit(): Promise<void> {
    const boxes = this.sources.filter((source) => source.on).map((source) => extent(source)).filter((box): box is Bounds => !!box);
    if (!boxes.length && this.dataset.base) {
      const header = await new PMTiles(new URL(this.dataset.base, location.href).href).getHeader();
      boxes.push([header.minLon, header.minLat, header.maxLon, header.maxLat]);
    }
    if (!boxes.length) return;
    const [west, south] = [Math.min(...boxes.map((box) => box[0])), Math.min(...boxes.map((box) => box[1]))];
    const [east, north] = [Math.max(...boxes.map((box) => box[2])), Math.max(...boxes.map((box) => box[3]))];
    this.canvas.map.fitBounds([west, south, east, north], { padding: this.padding(), maxZoom: 15, duration: 0 });
  }

  /** What the panels over the map cover is no part of the view. */
  private padding(): { top: number; bottom: number; left: number; right: number } {
    const side = this.child(".one-map-side");
    const wide = this.clientWidth >= 768;
    return { top: 70, bottom: wide ? 40 : 90, left: 30, right: wide && side ? side.offsetWidth + 40 : 30 };
  }

  /** On a phone the panel covers the lower part: what is looked at goes above it. */
  private offset(): [number, number] {
    return this.clientWidth < 768 ? [0, -0.25 * this.clientHeight] : [0, 0];
  }

  private restore(): void {
    if (this.shown.here) void this.ask({ kind: this.shown.here.kind as Kind, numbers: this.shown.here.numbers }, false);
    else if (this.shown.item) void this.open(this.shown.item.layer, this.shown.item.key, undefined, false, !this.shown.centre);
  }

  private clicked(point: { x: number; y: number }, at: [number, number]): void {
    if (this.asking?.click(at)) return;
    const picked = this.canvas.pick(point);
    if (picked) void this.open(picked.source.info.name, String(picked.key), at, false, false);
    else this.panel?.close();
  }

  /** Enter on the map opens what lies at its middle, as a click does. */
  private key(event: KeyboardEvent): void {
    if (event.key !== "Enter" || this.asking?.drawing) return;
    const { map } = this.canvas;
    this.clicked(map.project(map.getCenter()), map.getCenter().toArray() as [number, number]);
  }

  private async open(layer: string, key: string, place?: [number, number], fromAnswer = false, fly = true): Promise<void> {
    const source = this.sources.find((each) => each.info.name === layer);
    if (!source || !this.panel) return;
    if (!source.on) await this.toggle(source, true);
    const at = source.placeOf(key) ?? place ?? centreOf(source, key);
    const { map } = this.canvas;
    const zoom = Math.max(map.getZoom(), 15, source.info.minZoom);
    if (at && fly && source.isPlaced) map.easeTo({ center: at, zoom, offset: this.offset() });
    else if (fly) this.flyTo(source, key);
    this.sketch({ selection: at && source.isPlaced ? [feature("Point", at, { selected: true })] : [] });
    this.shown.item = { layer, key };
    const here = this.shown.here;
    const back = fromAnswer && here ? () => void this.ask({ kind: here.kind as Kind, numbers: here.numbers }, false) : null;
    if (!fromAnswer) this.forgetAnswer();
    this.write();
    await this.panel.item(addressOf(this.dataset.item!, { LAYER: layer, KEY: key }), back);
    this.around?.begin();
  }

  private flyTo(source: Source, key: string): void {
    const box = extent(source, key);
    if (box) this.canvas.map.fitBounds(box, { padding: 60, maxZoom: 16 });
  }

  private async ask(asked: Asked, fly = true): Promise<void> {
    if (!this.panel) return;
    this.shown.here = asked;
    this.shown.item = undefined;
    this.sketch({ answer: drawnShape(asked), selection: [] });
    this.write();
    const layers = this.sources.filter((source) => source.on).map((source) => source.info.name);
    const address = `${this.dataset.here}?${asked.kind}=${asked.numbers}&layers=${layers.join(",") || "-"}`;
    await this.panel.here(address, this.sources);
    this.around?.begin();
    const { map } = this.canvas;
    const { ring, centre } = outlineOf(asked);
    if (!map.getBounds().contains(centre)) map.fitBounds(ringBox(ring), { padding: this.padding() });
    else if (fly && this.clientWidth < 768) map.easeTo({ center: centre, offset: this.offset() });
  }

  private deselect(): void {
    this.shown.item = undefined;
    this.around?.forget();
    this.forgetAnswer();
    this.sketch({ selection: [] });
    this.write();
  }

  private forgetAnswer(): void {
    this.shown.here = undefined;
    this.sketch({ answer: [] });
  }

  /** The reach of what is selected and the way to it; both in view, beside what the panels cover. */
  private surround(features: Feature[], fit: boolean): void {
    this.sketch({ surroundings: features });
    const corners = features.flatMap((each) => flat((each.geometry as { coordinates: unknown }).coordinates));
    if (!fit || !corners.length) return;
    const padding = this.padding();
    const panel = this.child(".one-map-panel");
    if (this.clientWidth >= 768) padding.left += panel?.offsetWidth ?? 0;
    else padding.bottom = (panel?.offsetHeight ?? 0) + 20;
    this.canvas.map.fitBounds(ringBox(corners), { padding, maxZoom: 16 });
  }

  private sketch(change: { drawing?: Feature[]; answer?: Feature[]; selection?: Feature[]; surroundings?: Feature[] }): void {
    if (change.drawing) this.drawing = change.drawing;
    if (change.answer) this.answer = change.answer;
    if (change.selection) this.selection = change.selection;
    if (change.surroundings) this.surroundings = change.surroundings;
    this.canvas.setSketch([...this.answer, ...this.surroundings, ...this.drawing, ...this.selection]);
  }

  private follow(): void {
    if (!this.dataset.live) return;
    this.ends.push(follow(this.dataset.live, {
      changed: (room, ids) => void this.changed(room, ids),
      state: (state, missed) => {
        const light = this.child(".one-map-live");
        if (light) {
          light.dataset.state = state;
          light.textContent = state === "on" ? this.words.live : this.words.offline;
        }
        if (missed) for (const source of this.sources.filter((each) => each.on)) void this.again(source);
      },
    }));
  }

  private async changed(room: string, ids: Key[]): Promise<void> {
    if (room === "closures") this.around?.again();
    for (const source of this.sources.filter((each) => each.info.live === room && each.isLoaded)) {
      const keys = await source.change(ids);
      this.canvas.drawMarks();
      this.side?.update(source);
      const places = keys.map((key): [Key, [number, number] | null] => [key, source.placeOf(key)]);
      if (source.on) this.canvas.pulse(source.info.name, places.filter((pair): pair is [Key, [number, number]] => !!pair[1]));
      this.dispatchEvent(new CustomEvent("one-map:changed", { bubbles: true, detail: { layer: source.info.name, keys } }));
    }
  }

  private async again(source: Source): Promise<void> {
    await source.load(true).catch(() => undefined);
    this.side?.update(source);
    this.canvas.setSources(this.sources);
  }

  private current(): Shown {
    const narrowing = new Map(this.sources.filter((source) => source.isNarrowed).map((source) => [source.info.name, source.narrowing]));
    const on = this.sources.filter((source) => source.on).map((source) => source.info.name);
    const { map } = this.canvas;
    const { item, here } = this.shown;
    return { centre: map.getCenter().toArray() as [number, number], zoom: map.getZoom(), on, base: this.base, item, here, narrowing };
  }

  /** Keeps the address true to what is shown; at most a few times a second, as browsers allow. */
  private write(): void {
    if (this.dataset.mode === "screen" || !this.sources.length) return;
    window.clearTimeout(this.writing);
    this.writing = window.setTimeout(() => history.replaceState(null, "", `#${format(this.current())}`), 250);
  }

  private tell(text: string): void {
    const say = this.child(".one-map-say");
    if (!say) return;
    say.textContent = text;
    say.hidden = false;
  }
}

function extent(source: Source, key?: string): Bounds | null {
  if (source.rows) return bounds(source.rows);
  const features = source.features?.features.filter((each) => key === undefined || String(each.properties?.key) === key) ?? [];
  const ring = features.flatMap((each) => flat((each.geometry as { coordinates: unknown }).coordinates));
  return ring.length ? ringBox(ring) : null;
}

function centreOf(source: Source, key: string): [number, number] | undefined {
  const box = source.features && extent(source, key);
  return box ? [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2] : undefined;
}

function flat(coordinates: unknown): [number, number][] {
  const list = coordinates as unknown[];
  return typeof list[0] === "number" ? [list as [number, number]] : list.flatMap(flat);
}

function ringBox(ring: [number, number][]): Bounds {
  const lon = ring.map((place) => place[0]);
  const lat = ring.map((place) => place[1]);
  const most = (values: number[], better: (a: number, b: number) => number) => values.reduce((a, b) => better(a, b));
  return [most(lon, Math.min), most(lat, Math.min), most(lon, Math.max), most(lat, Math.max)];
}

if (!customElements.get("one-map")) customElements.define("one-map", OneMap);
