/** The base map's style, light and dark, over the layers that `anlan map build` writes (named as in OpenMapTiles). */
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";

export interface Online {
  name: string;
  title: string;
  tiles: string[];
  attribution: string;
  datum: string;
  tile_size: number;
  max_zoom: number;
  shifted: boolean;
}

export interface BaseChoice {
  /** "local", "blank" or the name of an online map. */
  name: string;
  localUrl: string | null;
  online: Online[];
  dark: boolean;
  language: string;
}

interface Palette {
  land: string;
  water: string;
  waterLine: string;
  wood: string;
  grass: string;
  farm: string;
  bare: string;
  residential: string;
  industrial: string;
  civic: string;
  building: string;
  buildingLine: string;
  road: string;
  casing: string;
  major: string;
  majorCasing: string;
  motorway: string;
  rail: string;
  path: string;
  boundary: string;
  text: string;
  halo: string;
  waterText: string;
  faint: string;
}

const LIGHT: Palette = {
  land: "#f4f3ef", water: "#b5d3ea", waterLine: "#9cc3e0", wood: "#d3e4c8", grass: "#e1ecd3", farm: "#eef0dc", bare: "#e6e2da",
  residential: "#ecebe8", industrial: "#e8e3ea", civic: "#efe6dc", building: "#ddd8d0", buildingLine: "#cbc4ba",
  road: "#ffffff", casing: "#d3cfc8", major: "#fdf0c8", majorCasing: "#d9bd7c", motorway: "#f3c480", rail: "#a5a3a8", path: "#c9bfae",
  boundary: "#9a86b0", text: "#3a3f47", halo: "#ffffff", waterText: "#3f73a0", faint: "#6b727c",
};
const DARK: Palette = {
  land: "#171c24", water: "#0e2a40", waterLine: "#163b57", wood: "#182a22", grass: "#1a2822", farm: "#1c2320", bare: "#20242a",
  residential: "#1d222b", industrial: "#221f2b", civic: "#25221f", building: "#272d37", buildingLine: "#333b47",
  road: "#38404c", casing: "#12161c", major: "#5a5138", majorCasing: "#12161c", motorway: "#7a6337", rail: "#565b66", path: "#2f3741",
  boundary: "#6d5d86", text: "#c6ccd6", halo: "#11151b", waterText: "#6ea3cf", faint: "#8c95a3",
};

export const FONT = ["Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", "sans-serif"];

export function baseStyle(choice: BaseChoice): StyleSpecification {
  const palette = choice.dark ? DARK : LIGHT;
  const style: StyleSpecification = {
    version: 8,
    sources: {},
    layers: [{ id: "land", type: "background", paint: { "background-color": palette.land } }],
  };
  const online = choice.online.find((each) => each.name === choice.name);
  if (online) addOnline(style, online);
  else if (choice.name === "local" && choice.localUrl) {
    style.sources.base = { type: "vector", url: `pmtiles://${choice.localUrl}` };
    style.layers.push(...ground(palette), ...ways(palette), ...labels(palette, choice.language));
  }
  return style;
}

function addOnline(style: StyleSpecification, online: Online): void {
  online.tiles.forEach((tiles, index) => {
    const id = `online-${index}`;
    const { attribution, tile_size: tileSize, max_zoom: maxzoom } = online;
    style.sources[id] = { type: "raster", tiles: [tiles], tileSize, maxzoom, attribution };
    style.layers.push({ id, type: "raster", source: id });
  });
}

const is = (...classes: string[]): ExpressionSpecification => ["in", ["get", "class"], ["literal", classes]];
const grow = (...stops: number[]): ExpressionSpecification =>
  ["interpolate", ["exponential", 1.6], ["zoom"], ...stops] as unknown as ExpressionSpecification;

function area(id: string, layer: string, colour: string, filter?: ExpressionSpecification): LayerSpecification {
  const drawn: LayerSpecification = { id, type: "fill", source: "base", "source-layer": layer, paint: { "fill-color": colour } };
  return filter ? { ...drawn, filter } : drawn;
}

function ground(p: Palette): LayerSpecification[] {
  return [
    area("residential", "landuse", p.residential, is("residential")),
    area("industrial", "landuse", p.industrial, is("industrial", "commercial", "railway", "military", "construction", "aerodrome", "apron")),
    area("farm", "landcover", p.farm, is("farmland", "scrub")),
    area("grass", "landcover", p.grass, is("grass", "wetland")),
    area("wood", "landcover", p.wood, is("wood")),
    area("bare", "landcover", p.bare, is("rock", "sand", "ice")),
    area("park", "park", p.grass),
    area("civic", "landuse", p.civic, is("school", "hospital", "cemetery", "parking")),
    area("ocean", "ocean", p.water),
    area("water", "water", p.water),
    {
      id: "waterway", type: "line", source: "base", "source-layer": "waterway",
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": p.waterLine, "line-width": grow(8, 0.6, 12, ["match", ["get", "class"], "river", 2.2, 1] as never, 16, ["match", ["get", "class"], "river", 8, 3] as never) },
    },
    {
      id: "building", type: "fill", source: "base", "source-layer": "building", minzoom: 13,
      paint: { "fill-color": p.building, "fill-outline-color": p.buildingLine, "fill-opacity": grow(13, 0.4, 14.5, 1) },
    },
  ];
}

const MAJOR = ["primary", "trunk"];
const MIDDLE = ["secondary", "tertiary"];
const MINOR = ["minor", "service", "pedestrian"];

function line(id: string, colour: string, classes: string[], width: ExpressionSpecification, more: object = {}): LayerSpecification {
  return {
    id, type: "line", source: "base", "source-layer": "transportation", filter: is(...classes),
    layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": colour, "line-width": width, ...more },
  };
}

function ways(p: Palette): LayerSpecification[] {
  return [
    line("path", p.path, ["path", "track"], grow(13, 0.6, 17, 2), { "line-dasharray": [3, 2] }),
    line("minor-casing", p.casing, MINOR, grow(12, 0.4, 14, 2.4, 18, 14)),
    line("middle-casing", p.casing, MIDDLE, grow(9, 0.8, 14, 5, 18, 22)),
    line("major-casing", p.majorCasing, MAJOR, grow(7, 0.6, 14, 7, 18, 28)),
    line("motorway-casing", p.majorCasing, ["motorway"], grow(5, 0.8, 14, 8, 18, 30)),
    line("minor", p.road, MINOR, grow(12, 0.2, 14, 1.6, 18, 12)),
    line("middle", p.road, MIDDLE, grow(9, 0.4, 14, 3.8, 18, 19)),
    line("major", p.major, MAJOR, grow(7, 0.3, 14, 5.4, 18, 25)),
    line("motorway", p.motorway, ["motorway"], grow(5, 0.5, 14, 6.2, 18, 27)),
    line("rail", p.rail, ["rail", "metro", "tram"], grow(9, 0.5, 14, 1.4, 18, 4)),
    line("rail-ties", p.land, ["rail"], grow(12, 0.3, 14, 0.8, 18, 2.4), { "line-dasharray": [5, 5] }),
    line("pier", p.path, ["pier", "aerialway", "pipeline", "runway", "taxiway"], grow(12, 0.8, 16, 3)),
    {
      id: "boundary", type: "line", source: "base", "source-layer": "boundary",
      paint: { "line-color": p.boundary, "line-width": grow(5, 0.8, 12, 1.8), "line-dasharray": [4, 2, 1, 2] },
    },
  ];
}

function name(language: string): ExpressionSpecification {
  return language.startsWith("en") ? ["coalesce", ["get", "name_en"], ["get", "name"]] : ["get", "name"];
}

function labels(p: Palette, language: string): LayerSpecification[] {
  const text = (colour: string) => ({ "text-color": colour, "text-halo-color": p.halo, "text-halo-width": 1.4 });
  const named = { "text-field": name(language), "text-font": FONT };
  return [
    {
      id: "water-name", type: "symbol", source: "base", "source-layer": "water", minzoom: 11, filter: ["has", "name"],
      layout: { ...named, "text-size": 12, "text-max-width": 7 }, paint: text(p.waterText),
    },
    {
      id: "waterway-name", type: "symbol", source: "base", "source-layer": "waterway", minzoom: 12, filter: ["has", "name"],
      layout: { ...named, "text-size": 12, "symbol-placement": "line" }, paint: text(p.waterText),
    },
    {
      id: "way-name", type: "symbol", source: "base", "source-layer": "transportation", minzoom: 12, filter: ["has", "name"],
      layout: { ...named, "text-size": grow(12, 10, 17, 13), "symbol-placement": "line", "symbol-spacing": 320 }, paint: text(p.faint),
    },
    {
      id: "poi", type: "symbol", source: "base", "source-layer": "poi", minzoom: 14.5, filter: ["has", "name"],
      layout: { ...named, "text-size": 11, "text-max-width": 7 }, paint: text(p.faint),
    },
    {
      id: "peak", type: "symbol", source: "base", "source-layer": "mountain_peak", minzoom: 11,
      layout: { ...named, "text-size": 11 }, paint: text(p.faint),
    },
    {
      id: "place", type: "symbol", source: "base", "source-layer": "place",
      layout: {
        ...named, "symbol-sort-key": ["get", "rank"], "text-max-width": 7,
        "text-size": ["interpolate", ["linear"], ["zoom"], 7, ["-", 15, ["*", 0.5, ["get", "rank"]]], 14, ["-", 19, ["*", 0.6, ["get", "rank"]]]],
      },
      paint: text(p.text),
    },
  ];
}
