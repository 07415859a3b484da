/** The address of what is shown: centre, zoom, layers, filters and selection, in the part after '#'. Pure. */
import { nothing, type Narrowing } from "./rows";

export interface Shown {
  centre?: [number, number];
  zoom?: number;
  /** Layers that are on; undefined when the address says nothing about them. */
  on?: string[];
  base?: string;
  item?: { layer: string; key: string };
  /** What lies here: `point`, `circle` or `polygon` and its numbers, as the server reads them. */
  here?: { kind: string; numbers: string };
  narrowing: Map<string, Narrowing>;
}

export function format(shown: Shown): string {
  const parts: [string, string][] = [];
  if (shown.centre && shown.zoom !== undefined) {
    const [lon, lat] = shown.centre;
    parts.push(["map", `${shown.zoom.toFixed(2)}/${lat.toFixed(5)}/${lon.toFixed(5)}`]);
  }
  if (shown.on) parts.push(["on", shown.on.join(",")]);
  if (shown.base) parts.push(["base", shown.base]);
  for (const [layer, narrowing] of shown.narrowing) {
    if (narrowing.hidden.size) parts.push([`m.${layer}`, [...narrowing.hidden].sort((a, b) => a - b).join(",")]);
    for (const [column, codes] of narrowing.chosen) parts.push([`f.${layer}.${column}`, [...codes].sort((a, b) => a - b).join(",")]);
    for (const [column, [low, high]] of narrowing.ranges) parts.push([`r.${layer}.${column}`, `${low},${high}`]);
  }
  if (shown.item) parts.push(["item", `${shown.item.layer}/${shown.item.key}`]);
  if (shown.here) parts.push(["here", `${shown.here.kind}:${shown.here.numbers}`]);
  return parts.map(([name, value]) => `${name}=${encodeURI(value).replace(/[#&]/g, encodeURIComponent)}`).join("&");
}

/** Reads an address. What cannot be understood is left out: an old link still opens the map. */
export function parse(hash: string): Shown {
  const shown: Shown = { narrowing: new Map() };
  for (const part of hash.replace(/^#/, "").split("&")) {
    const [name, value] = split(part, "=");
    if (name) readPart(shown, name, decode(value));
  }
  return shown;
}

function readPart(shown: Shown, name: string, value: string): void {
  if (name === "map") {
    const [zoom, lat, lon] = value.split("/").map(Number);
    if ([zoom, lat, lon].every(Number.isFinite) && Math.abs(lat) < 86 && Math.abs(lon) <= 180) {
      shown.zoom = zoom;
      shown.centre = [lon, lat];
    }
  } else if (name === "on") shown.on = value.split(",").filter(Boolean);
  else if (name === "base") shown.base = value;
  else if (name === "item") {
    const [layer, key] = split(value, "/");
    if (layer && key) shown.item = { layer, key };
  } else if (name === "here") {
    const [kind, given] = split(value, ":");
    if (["point", "circle", "polygon"].includes(kind) && /^[-\d.,;]+$/.test(given)) shown.here = { kind, numbers: given };
  } else readNarrowing(shown, name, value);
}

function readNarrowing(shown: Shown, name: string, value: string): void {
  const [kind, layer, column] = name.split(".");
  const given = value.split(",").map(Number);
  if (!layer || !given.every((number) => !Number.isNaN(number))) return;
  const narrowing = shown.narrowing.get(layer) ?? nothing();
  if (kind === "m") given.forEach((line) => narrowing.hidden.add(line));
  else if (kind === "f" && column) narrowing.chosen.set(column, new Set(given));
  else if (kind === "r" && column && given.length === 2) narrowing.ranges.set(column, [given[0], given[1]]);
  else return;
  shown.narrowing.set(layer, narrowing);
}

function split(text: string, at: string): [string, string] {
  const place = text.indexOf(at);
  return place < 0 ? [text, ""] : [text.slice(0, place), text.slice(place + at.length)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
