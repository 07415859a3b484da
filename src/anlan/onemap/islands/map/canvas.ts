/** The drawing: MapLibre with the base map, polygon layers and sketches, and deck.gl with the marks above it. */
import { MapboxOverlay } from "@deck.gl/mapbox";
import type { Layer } from "@deck.gl/core";
import type { Feature, FeatureCollection } from "geojson";
import * as maplibregl from "maplibre-gl";
import type { LayerSpecification, StyleSpecification } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import { Protocol } from "pmtiles";
import { MarkLayer } from "./marks";
import type { Key } from "./rows";
import type { Source } from "./source";
import { FONT } from "./style";

export const EMPTY: FeatureCollection = { type: "FeatureCollection", features: [] };
const ACCENT = "#1f6fd6";
const REACH = "#c2410c";
const ROUND = { "line-join": "round", "line-cap": "round" } as const;
const PULSE = [214, 57, 57, 70];

let prepared = false;

/** Once a page: the worker as a file of our own (the policy allows no code from elsewhere), and the tile protocol. */
function prepare(): void {
  if (prepared) return;
  prepared = true;
  maplibregl.setWorkerUrl(workerUrl);
  maplibregl.addProtocol("pmtiles", new Protocol({ metadata: true }).tile);
}

export interface Picked {
  source: Source;
  key: Key;
  label?: string;
}

export class Canvas {
  readonly map: maplibregl.Map;
  private readonly overlay = new MapboxOverlay({ interleaved: false, layers: [] });
  private base: StyleSpecification = { version: 8, sources: {}, layers: [] };
  private sources: Source[] = [];
  private sketch: FeatureCollection = EMPTY;
  private heat: typeof import("./heat") | null = null;
  private pulses = new Map<string, { place: [number, number]; until: number }>();

  constructor(
    container: HTMLElement,
    private dark: boolean,
    start: { centre?: [number, number]; zoom?: number },
    locale: Record<string, string>,
  ) {
    prepare();
    this.map = new maplibregl.Map({
      container,
      style: this.base,
      center: start.centre ?? [105, 35],
      zoom: start.zoom ?? 3.5,
      maxZoom: 19,
      attributionControl: { compact: true },
      dragRotate: false,
      pitchWithRotate: false,
      locale,
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "bottom-right");
    this.map.addControl(new maplibregl.ScaleControl({ maxWidth: 120 }), "bottom-left");
    this.map.addControl(this.overlay as unknown as maplibregl.IControl);
    this.map.on("zoomend", () => this.drawMarks());
  }

  setBase(style: StyleSpecification, dark: boolean): void {
    this.base = style;
    this.dark = dark;
    this.drawStyle();
  }

  setSources(sources: Source[]): void {
    this.sources = sources;
    this.drawStyle();
    this.drawMarks();
  }

  /** Only marks changed: the style below stays. */
  drawMarks(): void {
    const zoom = this.map.getZoom();
    const shown = this.sources.filter((source) => source.on && source.isPlaced && zoom >= source.info.minZoom);
    if (shown.some((source) => source.info.kind === "heat") && !this.heat) {
      void import("./heat").then((heat) => {
        this.heat = heat;
        this.drawMarks();
      });
    }
    const layers = shown.reverse().map((source) => this.markLayer(source, zoom));
    this.overlay.setProps({ layers: [...layers, this.pulseLayer()].filter(Boolean) as Layer[] });
  }

  private markLayer(source: Source, zoom: number): Layer | null {
    if (source.info.kind === "heat") return this.heat ? this.heat.heatLayer(source) : null;
    return new MarkLayer({
      id: source.info.name,
      data: source.drawn as never,
      radius: Math.max(1.5, source.info.size * 1.25 * radiusScale(zoom, source.drawn.length)),
      pickable: true,
    });
  }

  /** A ring for a few seconds around what has just changed. */
  pulse(name: string, keys: [Key, [number, number]][]): void {
    const until = Date.now() + 6000;
    for (const [key, place] of keys) this.pulses.set(`${name}/${key}`, { place, until });
    this.drawMarks();
    window.setTimeout(() => this.drawMarks(), 6100);
  }

  private pulseLayer(): Layer | null {
    for (const [name, pulse] of this.pulses) if (pulse.until <= Date.now()) this.pulses.delete(name);
    if (!this.pulses.size) return null;
    const pulses = [...this.pulses.values()];
    const attributes = {
      getPosition: { value: Float64Array.from(pulses.flatMap((pulse) => pulse.place)), size: 2 },
      getFillColor: { value: Uint8Array.from(pulses.flatMap(() => PULSE)), size: 4, normalized: true },
    };
    return new MarkLayer({ id: "pulses", data: { length: pulses.length, attributes } as never, radius: 22, pickable: false });
  }

  setSketch(features: Feature[]): void {
    this.sketch = { type: "FeatureCollection", features };
    const source = this.map.getSource("sketch") as maplibregl.GeoJSONSource | undefined;
    if (source) source.setData(this.sketch);
    else this.drawStyle();
  }

  private drawStyle(): void {
    const outlined = this.sources.filter((source) => source.on && !source.isPlaced && source.features);
    const style: StyleSpecification = { ...this.base, sources: { ...this.base.sources }, layers: [...this.base.layers] };
    const names: LayerSpecification[] = [];
    for (const source of outlined.reverse()) {
      const id = `layer-${source.info.name}`;
      style.sources[id] = { type: "geojson", data: withoutValues(source.features!) };
      style.layers.push(...outlineLayers(id, source));
      style.sources[`${id}-name`] = { type: "geojson", data: namePoints(source.features!) };
      names.push(nameLayer(id, source, this.dark));
    }
    style.sources.sketch = { type: "geojson", data: this.sketch };
    style.layers.push(...names, ...sketchLayers());
    this.map.setStyle(style, { diff: this.map.isStyleLoaded() === true });
  }

  /** What is drawn at a point of the screen: marks first, then the smallest area. */
  pick(point: { x: number; y: number }): Picked | null {
    const mark = this.overlay.pickObject({ x: point.x, y: point.y, radius: 6 });
    const source = this.sources.find((each) => each.info.name === mark?.layer?.id);
    const key = source?.keyOf(mark?.index ?? -1);
    if (source && key !== undefined) return { source, key };
    const outlined = this.sources.filter((each) => each.on && !each.isPlaced && each.features);
    const ids = outlined.map((each) => `layer-${each.info.name}-fill`).filter((id) => this.map.getLayer(id));
    const found = ids.length ? this.map.queryRenderedFeatures([point.x, point.y], { layers: ids }) : [];
    const hit = found[0];
    if (!hit) return null;
    const owner = outlined.find((each) => `layer-${each.info.name}` === hit.source)!;
    return { source: owner, key: hit.properties.key as Key, label: hit.properties.label as string };
  }
}

/** Marks grow as one comes nearer; where there are very many they are smaller, until one is near. */
export function radiusScale(zoom: number, count: number): number {
  const crowded = Math.min(1, Math.max(0, (Math.log10(Math.max(1, count)) - 4) / 1.3));
  const near = Math.min(1, Math.max(0, (zoom - 12) / 3));
  return Math.min(1.6, Math.max(0.45, 0.45 + (zoom - 9) * 0.14)) * (1 - 0.4 * crowded * (1 - near));
}

/** One point a name: an area that crosses tiles would else be named in each of them. */
function namePoints(features: FeatureCollection): FeatureCollection {
  const points = features.features.filter((each) => each.properties?.at?.[0] != null).map((each): Feature => ({
    type: "Feature",
    properties: each.properties,
    geometry: { type: "Point", coordinates: each.properties!.at as number[] },
  }));
  return { type: "FeatureCollection", features: points };
}

function withoutValues(features: FeatureCollection): FeatureCollection {
  return { type: "FeatureCollection", features: features.features };
}

function colours(source: Source): maplibregl.ExpressionSpecification {
  const pairs = source.info.marks.flatMap((mark, line) => [line, mark.colour]);
  return ["match", ["get", "mark"], ...pairs, "#7b8794"] as unknown as maplibregl.ExpressionSpecification;
}

function shownOnly(source: Source): maplibregl.ExpressionSpecification {
  const { hidden, chosen } = source.narrowing;
  const tests: unknown[] = [...hidden].map((line) => ["!=", ["get", "mark"], line]);
  for (const [column, codes] of chosen) tests.push(["in", ["get", column], ["literal", [...codes]]]);
  return ["all", ...tests] as unknown as maplibregl.ExpressionSpecification;
}

function outlineLayers(id: string, source: Source): LayerSpecification[] {
  const shared = { source: id, filter: shownOnly(source), minzoom: source.info.minZoom };
  const fill: LayerSpecification = {
    ...shared, id: `${id}-fill`, type: "fill", paint: { "fill-color": colours(source), "fill-opacity": 0.06 },
  };
  const line: LayerSpecification = {
    ...shared, id: `${id}-line`, type: "line", layout: { "line-join": "round" },
    paint: { "line-color": colours(source), "line-width": source.info.kind === "line" ? 3 : 1.4, "line-opacity": 0.85 },
  };
  return source.info.kind === "line" ? [{ ...line, id: `${id}-fill` } as LayerSpecification] : [fill, line];
}

function nameLayer(id: string, source: Source, dark: boolean): LayerSpecification {
  return {
    id: `${id}-name`, type: "symbol", source: `${id}-name`, filter: shownOnly(source), minzoom: Math.max(source.info.minZoom, 7),
    layout: {
      "text-field": ["get", "label"], "text-font": FONT, "text-size": 13, "text-max-width": 8,
    },
    paint: { "text-color": dark ? "#d9c7ee" : "#5b3d85", "text-halo-color": dark ? "#11151b" : "#ffffff", "text-halo-width": 1.6 },
  };
}

function sketchLayers(): LayerSpecification[] {
  return [
    { id: "sketch-fill", type: "fill", source: "sketch", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": ["case", ["has", "reach"], REACH, ACCENT], "fill-opacity": 0.12 } },
    { id: "sketch-line", type: "line", source: "sketch", filter: ["all", ["!=", ["geometry-type"], "Point"], ["!", ["has", "way"]]], paint: { "line-color": ["case", ["has", "reach"], REACH, ACCENT], "line-width": 2 } },
    { id: "sketch-way-edge", type: "line", source: "sketch", filter: ["has", "way"], layout: ROUND, paint: { "line-color": "#ffffff", "line-width": 9 } },
    { id: "sketch-way", type: "line", source: "sketch", filter: ["has", "way"], layout: ROUND, paint: { "line-color": ACCENT, "line-width": 5 } },
    {
      id: "sketch-point", type: "circle", source: "sketch", filter: ["all", ["==", ["geometry-type"], "Point"], ["!", ["has", "selected"]]],
      paint: { "circle-radius": 5, "circle-color": "#ffffff", "circle-stroke-color": ACCENT, "circle-stroke-width": 2 },
    },
    {
      id: "sketch-selected", type: "circle", source: "sketch", filter: ["has", "selected"],
      paint: { "circle-radius": 15, "circle-color": ACCENT, "circle-opacity": 0.15, "circle-stroke-color": ACCENT, "circle-stroke-width": 2.5 },
    },
  ];
}
