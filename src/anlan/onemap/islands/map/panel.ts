/** The panel: what is selected, or what lies in a drawn shape with counts and distances. */
import { fill, get, type Words } from "./catalogue";
import { areaText, distanceText, type UnitWords } from "./measure";
import { element } from "./side";
import { fillMark, markElement } from "./shapes";
import type { Source } from "./source";

export interface Nearest {
  key: string;
  label: string;
  mark: number;
  metres: number;
  place: [number, number];
}

export interface Here {
  shape: { kind: string; centre: [number, number]; radius: number | null; area: number };
  total: number;
  layers: { name: string; title: string; count: number; marks: number[]; nearest: Nearest[] }[];
}

export class Panel {
  private asking: AbortController | null = null;

  constructor(
    private readonly host: HTMLElement,
    private readonly words: Words,
    private readonly events: { open(layer: string, key: string, place?: [number, number]): void; close(): void },
    private readonly links: { around?: string; close?: string } = {},
  ) {
    host.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
  }

  async item(address: string, back: (() => void) | null): Promise<void> {
    const html = await this.fetch(address, (answer) => answer.text());
    if (html === null) return;
    const body = element("div", "one-map-panel-body");
    body.innerHTML = html; // made and escaped by our own server
    body.querySelectorAll<SVGElement>("svg[data-shape]").forEach((svg) => fillMark(svg, svg.dataset.shape!, svg.dataset.colour!));
    this.show([body], back);
  }

  async here(address: string, sources: Source[]): Promise<Here | null> {
    const found = await this.fetch(address, (answer) => answer.json() as Promise<Here>);
    if (found) this.showHere(found, sources);
    return found;
  }

  showHere(found: Here, sources: Source[]): void {
    const head = element("header", "one-map-panel-title");
    const title = element("h2", "h3 mb-0");
    title.textContent = this.words.here;
    const size = element("p", "text-secondary mb-0");
    size.textContent = `${this.shapeText(found)} · ${fill(this.words.total, { count: found.total.toLocaleString() })}`;
    head.append(title, size);
    const body = element("div", "one-map-panel-body");
    body.append(head, ...found.layers.map((layer) => this.layer(layer, sources.find((each) => each.info.name === layer.name))));
    if (!found.layers.length) {
      const none = element("p", "");
      none.textContent = this.words.nothingHere;
      body.append(none);
    }
    body.append(...this.around(found));
    this.show([body], null);
  }

  /** What can be asked or done at the middle of the shape: rescue from around, a road closed here. */
  private around({ shape }: Here): HTMLElement[] {
    const [lon, lat] = shape.centre.map((degrees) => degrees.toFixed(6));
    const { around, close } = this.links;
    const parts: HTMLElement[] = [];
    if (around) {
      const reach = shape.radius ?? Math.sqrt(shape.area / Math.PI);
      const section = element("section", "one-map-around");
      const ask = button(this.words.around, "btn", () => undefined);
      ask.dataset.around = `${around}?at=${lon},${lat}&reach=${Math.round(Math.min(20000, Math.max(200, reach)))}`;
      section.append(ask);
      parts.push(section);
    }
    if (close) {
      const link = document.createElement("a");
      link.className = "btn one-map-close-road";
      link.href = `${close}?lon=${lon}&lat=${lat}`;
      link.textContent = this.words.closeRoad;
      parts.push(link);
    }
    return parts;
  }

  private shapeText({ shape }: Here): string {
    const units = this.words as unknown as UnitWords;
    if (shape.kind === "circle") return fill(this.words.inCircle, { radius: distanceText(shape.radius ?? 0, units) });
    return fill(this.words.inPolygon, { area: areaText(shape.area, units) });
  }

  private layer(layer: Here["layers"][number], source: Source | undefined): HTMLElement {
    const section = element("details", "one-map-found") as HTMLDetailsElement;
    section.open = true;
    const summary = element("summary", "");
    const title = element("span", "");
    title.textContent = layer.title;
    const count = element("strong", "one-map-count");
    count.textContent = layer.count.toLocaleString();
    summary.append(title, count);
    section.append(summary);
    const marks = source?.info.marks ?? [];
    if (marks.length > 1) section.append(this.marks(layer.marks, marks));
    const list = element("ul", "one-map-nearest");
    list.append(...layer.nearest.map((row) => this.row(layer.name, row, marks)));
    section.append(list);
    if (layer.count > layer.nearest.length) {
      const more = element("p", "text-secondary");
      more.textContent = fill(this.words.more, { count: (layer.count - layer.nearest.length).toLocaleString() });
      section.append(more);
    }
    return section;
  }

  private marks(counts: number[], marks: Source["info"]["marks"]): HTMLElement {
    const list = element("ul", "one-map-tally");
    counts.forEach((count, line) => {
      if (!count) return;
      const item = element("li", "");
      item.append(markElement(marks[line].shape, marks[line].colour, 14), `${marks[line].word} ${count.toLocaleString()}`);
      list.append(item);
    });
    return list;
  }

  private row(layer: string, row: Nearest, marks: Source["info"]["marks"]): HTMLElement {
    const item = element("li", "");
    const button = document.createElement("button");
    button.type = "button";
    const mark = marks[row.mark];
    if (mark) button.append(markElement(mark.shape, mark.colour, 14));
    const label = element("span", "one-map-hit-label");
    label.textContent = row.label;
    const metres = element("span", "text-secondary");
    metres.textContent = distanceText(row.metres, this.words as unknown as UnitWords);
    button.append(label, metres);
    button.addEventListener("click", () => this.events.open(layer, row.key, row.place));
    item.append(button);
    return item;
  }

  private async fetch<T>(address: string, read: (answer: Response) => Promise<T>): Promise<T | null> {
    this.asking?.abort();
    this.asking = new AbortController();
    try {
      return await read(await get(address, this.asking.signal));
    } catch (problem) {
      if ((problem as Error).name === "AbortError") return null;
      const line = element("p", "text-danger");
      line.setAttribute("role", "alert");
      line.textContent = fill(this.words.failed, { layer: this.words.here, reason: (problem as Error).message });
      this.show([line], null);
      return null;
    }
  }

  private show(parts: HTMLElement[], back: (() => void) | null): void {
    const bar = element("div", "one-map-panel-bar");
    if (back) bar.append(button(`← ${this.words.back}`, "btn btn-sm", back));
    const close = button("×", "btn btn-sm one-map-close", () => this.close());
    close.setAttribute("aria-label", this.words.close);
    bar.append(close);
    this.host.replaceChildren(bar, ...parts);
    this.host.hidden = false;
    this.host.focus({ preventScroll: true });
  }

  close(): void {
    if (this.host.hidden) return;
    this.asking?.abort();
    this.host.hidden = true;
    this.host.replaceChildren();
    this.events.close();
  }
}

export function button(text: string, className: string, act: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = className;
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}
