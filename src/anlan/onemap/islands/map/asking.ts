/** Connects the drawing of shapes with the map: mouse and touch, keyboard at the middle of the map, buttons. */
import type { Feature } from "geojson";
import type { MapMouseEvent } from "maplibre-gl";
import type { Canvas } from "./canvas";
import type { Words } from "./catalogue";
import type { Place } from "./measure";
import { button } from "./panel";
import { Drawing, MOST_VERTICES, outlineOf, type Asked, type Kind } from "./tools";

const CLOSE = 12;

export class Asking {
  drawing: Drawing | null = null;
  private buttons: HTMLButtonElement[];

  constructor(
    private readonly canvas: Canvas,
    toolbar: HTMLElement,
    private readonly say: HTMLElement,
    private readonly words: Words,
    private readonly events: { start(): void; asked(asked: Asked): void; sketch(features: Feature[]): void },
  ) {
    this.buttons = [...toolbar.querySelectorAll<HTMLButtonElement>("[data-tool]")];
    for (const each of this.buttons) {
      each.addEventListener("click", () => {
        const kind = each.dataset.tool as Kind;
        if (this.drawing?.kind === kind) this.stop();
        else this.start(kind);
      });
    }
    const { map } = canvas;
    map.on("mousemove", (event) => this.move(event.lngLat.toArray() as Place));
    map.on("move", () => this.isByKeyboard() && this.move(this.middle()));
    map.on("dblclick", (event) => this.finishByDoubleClick(event));
    // Capture: while a shape is drawn, Enter and Backspace are the drawing's and nobody else's.
    map.getContainer().addEventListener("keydown", (event) => this.key(event), true);
  }

  start(kind: Kind): void {
    this.drawing = new Drawing(kind);
    this.canvas.map.doubleClickZoom.disable();
    this.canvas.map.getCanvas().classList.add("one-map-drawing");
    this.press(kind);
    this.events.start();
    this.tell();
    this.canvas.map.getCanvas().focus({ preventScroll: true });
    this.draw();
  }

  stop(): void {
    this.drawing = null;
    this.press(null);
    this.say.hidden = true;
    this.canvas.map.getCanvas().classList.remove("one-map-drawing");
    this.canvas.map.getContainer().classList.remove("one-map-aim");
    window.setTimeout(() => this.canvas.map.doubleClickZoom.enable(), 300);
    this.draw();
  }

  /** A click on the map; true when it belongs to a drawing. */
  click(at: Place): boolean {
    if (!this.drawing) return false;
    this.take(this.drawing.place(at, (a, b) => this.isNear(a, b)));
    return true;
  }

  private take(asked: Asked | null): void {
    if (!asked) {
      this.tell();
      return this.draw();
    }
    this.stop();
    this.events.asked(asked);
  }

  private move(at: Place): void {
    if (!this.drawing) return;
    this.drawing.hover = at;
    this.draw();
  }

  private finishByDoubleClick(event: MapMouseEvent): void {
    if (this.drawing?.kind !== "polygon") return;
    event.preventDefault();
    this.take(this.drawing.finish());
  }

  private key(event: KeyboardEvent): void {
    if (!this.drawing) return;
    if (event.key === "Escape") this.stop();
    else if (event.key === "Backspace") this.undo();
    else if (event.key === "Enter") {
      this.canvas.map.getContainer().classList.add("one-map-aim");
      this.drawing.hover = this.middle();
      this.take(event.shiftKey ? this.drawing.finish() : this.drawing.place(this.middle(), (a, b) => this.isNear(a, b)));
    } else {
      if (event.key.startsWith("Arrow")) this.canvas.map.getContainer().classList.add("one-map-aim");
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  private undo(): void {
    this.drawing?.undo();
    this.draw();
  }

  private isByKeyboard(): boolean {
    return this.drawing !== null && this.canvas.map.getContainer().classList.contains("one-map-aim");
  }

  private middle(): Place {
    return this.canvas.map.getCenter().toArray() as Place;
  }

  private isNear(a: Place, b: Place): boolean {
    return this.canvas.map.project(a).dist(this.canvas.map.project(b)) <= CLOSE;
  }

  private press(kind: Kind | null): void {
    for (const each of this.buttons) each.setAttribute("aria-pressed", String(each.dataset.tool === kind));
  }

  private tell(): void {
    const { drawing, words } = this;
    if (!drawing) return;
    const full = drawing.points.length >= MOST_VERTICES;
    const text = { point: words.drawPoint, circle: words.drawCircle, polygon: full ? words.tooManyVertices : words.drawPolygon };
    const parts: (string | HTMLElement)[] = [text[drawing.kind]];
    if (drawing.kind === "polygon") {
      parts.push(button(words.finish, "btn btn-sm btn-primary", () => this.take(drawing.finish())));
      parts.push(button(words.undo, "btn btn-sm", () => this.undo()));
    }
    parts.push(button(words.cancel, "btn btn-sm", () => this.stop()));
    this.say.replaceChildren(...parts);
    this.say.hidden = false;
  }

  private draw(): void {
    if (!this.drawing) return this.events.sketch([]);
    const { ring, closed } = this.drawing.outline();
    const features: Feature[] = this.drawing.points.map((point) => feature("Point", point));
    if (ring.length > 1) features.push(closed ? feature("Polygon", [ring]) : feature("LineString", ring));
    this.events.sketch(features);
  }
}

export function feature(type: "Point" | "LineString" | "Polygon", coordinates: unknown, properties: object = {}): Feature {
  return { type: "Feature", properties, geometry: { type, coordinates } as Feature["geometry"] };
}

/** A finished shape as it stays on the map while its answer is shown. */
export function drawnShape(asked: Asked): Feature[] {
  return [feature("Polygon", [outlineOf(asked).ring])];
}
