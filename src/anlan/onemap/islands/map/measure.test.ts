import { expect, it } from "vitest";
import { areaText, circle, distance, distanceText } from "./measure";

const WORDS = { metres: "米", kilometres: "公里", squareMetres: "平方米", squareKilometres: "平方公里" };

it("writes distances and areas as people read them", () => {
  expect(distanceText(499.6, WORDS)).toBe("500 米");
  expect(distanceText(1234, WORDS)).toBe("1.23 公里");
  expect(distanceText(51234, WORDS)).toBe("51.2 公里");
  expect(areaText(2500, WORDS)).toBe("2500 平方米");
  expect(areaText(3.1e8, WORDS)).toBe("310.00 平方公里");
});

it("draws a circle whose every corner is as far from its centre as it says", () => {
  for (const corner of circle([114.3, 30.5], 2500)) expect(distance([114.3, 30.5], corner)).toBeCloseTo(2500, 3);
});
