/** Drawing "what lies here" by mouse, touch or keyboard: a point, a circle, a polygon. Draws nothing itself. */
import { circle, distance, type Place } from "./measure";

export type Kind = "point" | "circle" | "polygon";

export interface Sketch {
  kind: Kind;
  points: Place[];
  /** Where the pointer (or the middle of the map) is now. */
  hover: Place | null;
}

export interface Asked {
  kind: Kind;
  numbers: string;
}

export const MOST_VERTICES = 100;

/** The state of one drawing. Every input gives the next state, or the shape that is asked for. Pure. */
export class Drawing {
  points: Place[] = [];
  hover: Place | null = null;

  constructor(readonly kind: Kind) {}

  /** A click, a tap, or Enter at the middle of the map. */
  place(at: Place, closeEnough: (a: Place, b: Place) => boolean): Asked | null {
    if (this.kind === "point") return { kind: "point", numbers: text(at) };
    if (this.kind === "polygon") {
      if (this.points.length >= 3 && closeEnough(at, this.points[0])) return this.finish();
      if (this.points.length < MOST_VERTICES) this.points.push(at);
      return null;
    }
    if (!this.points.length) {
      this.points.push(at);
      return null;
    }
    const radius = distance(this.points[0], at);
    return radius < 1 ? null : { kind: "circle", numbers: `${text(this.points[0])},${Math.round(radius)}` };
  }

  finish(): Asked | null {
    if (this.kind === "circle" && this.points.length && this.hover) return this.place(this.hover, () => false);
    if (this.kind !== "polygon") return null;
    const corners = this.points.filter((point, index) => !index || text(point) !== text(this.points[index - 1]));
    return corners.length < 3 ? null : { kind: "polygon", numbers: corners.map(text).join(";") };
  }

  undo(): void {
    this.points.pop();
  }

  /** The outline to show while drawing: lines of places, closed for areas. */
  outline(): { ring: Place[]; closed: boolean } {
    const { points, hover } = this;
    if (this.kind === "circle" && points.length && hover) return { ring: circle(points[0], distance(points[0], hover)), closed: true };
    const ring = hover ? [...points, hover] : [...points];
    return ring.length > 2 ? { ring: [...ring, ring[0]], closed: true } : { ring, closed: false };
  }
}

function text([lon, lat]: Place): string {
  return `${+lon.toFixed(6)},${+lat.toFixed(6)}`;
}

/** The outline of an asked shape, for showing a permalink or a finished drawing. */
export function outlineOf(asked: Asked): { centre: Place; ring: Place[] } {
  const corners = asked.numbers.split(";").map((corner) => corner.split(",").map(Number));
  if (asked.kind === "polygon") {
    const ring = corners.map(([lon, lat]): Place => [lon, lat]);
    return { centre: ring[0], ring: [...ring, ring[0]] };
  }
  const [lon, lat, radius = 200] = corners[0];
  return { centre: [lon, lat], ring: circle([lon, lat], radius) };
}
