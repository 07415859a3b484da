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

/**
 * Signed distance to every shape, negative inside; y points up, the numbers are those of SHAPES. Half of each shape mirrors
 * the other, and a straight side is one scalar product: no trigonometry for every pixel of 200,000 marks.
 */
export const DISTANCE = /* glsl */ `
  float mark_triangle(float x, float y) { return max(0.866 * x + 0.5 * y, -y) - 0.5; }
  float mark_star(vec2 p) {
    const vec2 left = vec2(0.809017, -0.587785);
    const vec2 right = vec2(-0.809017, -0.587785);
    p -= 2.0 * max(dot(left, p), 0.0) * left;
    p -= 2.0 * max(dot(right, p), 0.0) * right;
    return dot(vec2(abs(p.x), p.y - 1.0), vec2(0.9187, 0.3949));
  }
  float mark_distance(vec2 p, float shape) {
    float x = abs(p.x);
    float y = abs(p.y);
    if (shape < 0.5) return length(p) - 0.95;
    if (shape < 1.5) return max(x, y) - 0.78;
    if (shape < 2.5) return mark_triangle(x, p.y);
    if (shape < 3.5) return (x + y - 1.0) * 0.7071;
    if (shape < 4.5) return max(max(0.5878 * x + 0.809 * p.y, 0.9511 * x - 0.309 * p.y), -p.y) - 0.793;
    if (shape < 5.5) return max(0.5 * x + 0.866 * y, x) - 0.849;
    if (shape < 6.5) return mark_star(vec2(x, p.y));
    if (shape < 7.5) return max(min(x, y) - ${ARM}, max(x, y) - 0.95);
    return mark_triangle(x, -p.y);
  }
`;
