/** The shapes of marks: numbered for the shader, and as outlines (unit circle, y downwards) for legends. */

export const SHAPES = ["circle", "square", "triangle", "diamond", "pentagon", "hexagon", "star", "cross", "down"] as const;
export type Shape = (typeof SHAPES)[number];

type Point = [number, number];

function ring(corners: number, radius: (index: number) => number, turn = 0): Point[] {
  return Array.from({ length: corners }, (_, index) => {
    const angle = turn + (index * 2 * Math.PI) / corners;
    return [radius(index) * Math.sin(angle), -radius(index) * Math.cos(angle)];
  });
}

const ARM = 0.34;
const OUTLINES: Record<Shape, Point[]> = {
  circle: ring(24, () => 0.95),
  square: [[-0.78, -0.78], [0.78, -0.78], [0.78, 0.78], [-0.78, 0.78]],
  triangle: ring(3, () => 1),
  diamond: ring(4, () => 1),
  pentagon: ring(5, () => 0.98),
  hexagon: ring(6, () => 0.98),
  star: ring(10, (index) => (index % 2 ? 0.46 : 1)),
  cross: [
    [-ARM, -0.95], [ARM, -0.95], [ARM, -ARM], [0.95, -ARM], [0.95, ARM], [ARM, ARM],
    [ARM, 0.95], [-ARM, 0.95], [-ARM, ARM], [-0.95, ARM], [-0.95, -ARM], [-ARM, -ARM],
  ],
  down: ring(3, () => 1, Math.PI),
};

export function shapeNumber(shape: string): number {
  return Math.max(0, SHAPES.indexOf(shape as Shape));
}

export function outline(shape: string): Point[] {
  return OUTLINES[shape as Shape] ?? OUTLINES.circle;
}

/** A mark as an SVG element, for legends, lists and panels. */
export function markElement(shape: string, colour: string, size = 16): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "-1.2 -1.2 2.4 2.4");
  svg.setAttribute("width", String(size));
  svg.setAttribute("height", String(size));
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("one-map-mark");
  fillMark(svg, shape, colour);
  return svg;
}

export function fillMark(svg: SVGElement, shape: string, colour: string): void {
  const path = document.createElementNS("http://www.w3.org/2000/svg", "polygon");
  path.setAttribute("points", outline(shape).map((point) => point.map((value) => value.toFixed(3)).join(",")).join(" "));
  path.setAttribute("fill", colour);
  svg.replaceChildren(path);
}

/** Signed distance to every shape: negative inside. The numbers are those of SHAPES. */
export const DISTANCE = /* glsl */ `
  float mark_ngon(vec2 p, float corners, float radius) {
    float part = 6.28318530718 / corners;
    float angle = atan(p.x, p.y);
    angle = angle - part * floor(angle / part) - part * 0.5;
    return cos(angle) * length(p) - radius * cos(part * 0.5);
  }
  float mark_star(vec2 p) {
    float part = 6.28318530718 / 5.0;
    float angle = abs(mod(atan(p.x, p.y) + part * 0.5, part) - part * 0.5);
    vec2 folded = length(p) * vec2(sin(angle), cos(angle));
    vec2 inner = 0.46 * vec2(sin(part * 0.5), cos(part * 0.5));
    vec2 edge = inner - vec2(0.0, 1.0);
    return dot(folded - vec2(0.0, 1.0), normalize(vec2(-edge.y, edge.x)));
  }
  float mark_distance(vec2 p, float shape) {
    vec2 a = abs(p);
    if (shape < 0.5) return length(p) - 0.95;
    if (shape < 1.5) return max(a.x, a.y) - 0.78;
    if (shape < 2.5) return mark_ngon(p, 3.0, 1.0);
    if (shape < 3.5) return (a.x + a.y - 1.0) * 0.7071;
    if (shape < 4.5) return mark_ngon(p, 5.0, 0.98);
    if (shape < 5.5) return mark_ngon(p, 6.0, 0.98);
    if (shape < 6.5) return mark_star(p);
    if (shape < 7.5) return max(min(a.x, a.y) - ${ARM}, max(a.x, a.y) - 0.95);
    return mark_ngon(vec2(p.x, -p.y), 3.0, 1.0);
  }
`;
