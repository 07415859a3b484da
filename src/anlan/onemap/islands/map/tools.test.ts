import { describe, expect, it } from "vitest";
import { Drawing, MOST_VERTICES, outlineOf } from "./tools";

const never = () => false;

describe("a drawing", () => {
  it("asks for a point at the first click", () => {
    expect(new Drawing("point").place([114.3, 30.5], never)).toEqual({ kind: "point", numbers: "114.3,30.5" });
  });

  it("asks for a circle at the second click, with its radius in metres", () => {
    const drawing = new Drawing("circle");
    expect(drawing.place([114.3, 30.5], never)).toBeNull();
    expect(drawing.place([114.3, 30.5], never)).toBeNull();
    expect(drawing.place([114.3, 30.51], never)).toEqual({ kind: "circle", numbers: "114.3,30.5,1112" });
  });

  it("asks for a polygon when its first point is clicked again, and not with two corners", () => {
    const drawing = new Drawing("polygon");
    const same = (a: number[], b: number[]) => a[0] === b[0] && a[1] === b[1];
    drawing.place([0, 0], same);
    drawing.place([1, 0], same);
    expect(drawing.finish()).toBeNull();
    drawing.place([1, 1], same);
    expect(drawing.place([0, 0], same)).toEqual({ kind: "polygon", numbers: "0,0;1,0;1,1" });
  });

  it("leaves out the second click of a double click, can undo, and stops at the most corners", () => {
    const drawing = new Drawing("polygon");
    for (const at of [[0, 0], [1, 0], [1, 1], [1, 1]] as [number, number][]) drawing.place(at, never);
    expect(drawing.finish()!.numbers).toBe("0,0;1,0;1,1");
    drawing.undo();
    drawing.undo();
    expect(drawing.finish()).toBeNull();
    for (let index = 0; index < 200; index++) drawing.place([index / 1000, (index % 7) / 1000], never);
    expect(drawing.points).toHaveLength(MOST_VERTICES);
  });
});

it("gives an asked shape its outline", () => {
  expect(outlineOf({ kind: "polygon", numbers: "0,0;1,0;1,1" }).ring).toHaveLength(4);
  expect(outlineOf({ kind: "point", numbers: "114.3,30.5" }).ring.length).toBeGreaterThan(60);
});
