import { expect, it } from "vitest";
import { SHAPES, markElement, outline, shapeNumber } from "./shapes";

it("has an outline within the unit circle for every shape, and a number in the order the shader knows", () => {
  SHAPES.forEach((shape, index) => {
    expect(shapeNumber(shape)).toBe(index);
    for (const [x, y] of outline(shape)) expect(Math.hypot(x, y)).toBeLessThanOrEqual(1.11);
  });
});

it("draws an unknown shape as a circle, hidden from readers because a word stands beside it", () => {
  expect(shapeNumber("heart")).toBe(0);
  const svg = markElement("heart", "#d63939");
  expect(svg.getAttribute("aria-hidden")).toBe("true");
  expect(svg.querySelector("polygon")!.getAttribute("fill")).toBe("#d63939");
});
