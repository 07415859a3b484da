import { expect, test } from "vitest";
import { curve, limits } from "./series";

test("rows of a history page become the mean and the band around it, in milliseconds", () => {
  const columns = new Map([
    ["ts", { values: new BigInt64Array([1_700_000_000_000_000n, 1_700_000_060_000_000n]), width: 1 }],
    ["low", { values: new Float32Array([1, 2]), width: 1 }],
    ["mean", { values: new Float32Array([2, 3]), width: 1 }],
    ["high", { values: new Float32Array([4, 3.5]), width: 1 }],
  ]);
  const found = curve({ count: 2, meta: {}, columns });
  expect(found.mean).toEqual([[1_700_000_000_000, 2], [1_700_000_060_000, 3]]);
  expect(found.band).toEqual([[1_700_000_000_000, 3], [1_700_000_060_000, 1.5]]);
});

test("an empty history is an empty curve", () => {
  const empty = new Map(["ts", "low", "mean", "high"].map((name) => [name, { values: new Float32Array(0), width: 1 }]));
  expect(curve({ count: 0, meta: {}, columns: empty }).mean).toEqual([]);
});

test("an element asks for lines by their kinds, called by its titles", () => {
  document.body.innerHTML = `<p limit-hh="90" limit-before="85" title-before="现行" limit-after="80.5" title-after="拟改"></p>`;
  const found = limits(document.querySelector("p")!);
  expect(found.map((line) => [line.name, line.yAxis])).toEqual([["HH", 90], ["现行", 85], ["拟改", 80.5]]);
  expect(limits(document.body)).toEqual([]);
});
