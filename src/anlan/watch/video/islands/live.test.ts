import { describe, expect, it } from "vitest";
import { corner, points } from "./live";

describe("a zone drawn on a picture", () => {
  const box = { left: 100, top: 50, width: 400, height: 200 };

  it("is kept in fractions of the picture, whatever its size on the screen", () => {
    expect(corner(300, 150, box)).toEqual([0.5, 0.5]);
    expect(corner(500, 250, box)).toEqual([1, 1]);
  });

  it("never leaves the picture", () => {
    expect(corner(0, 900, box)).toEqual([0, 1]);
  });

  it("is drawn in the box of the shape", () => {
    expect(points([[0, 0], [0.5, 0.25], [1, 1]])).toBe("0,0 500,250 1000,1000");
  });
});
