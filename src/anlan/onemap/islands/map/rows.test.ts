import { describe, expect, it } from "vitest";
import { bounds, merge, narrow, nothing, type Rows } from "./rows";

function rows(keys: number[], marks: number[], level: number[], words?: string[]): Rows {
  return {
    count: keys.length,
    place: Float64Array.from(keys.flatMap((key) => [114 + key / 100, 30 + key / 100])),
    mark: Uint8Array.from(marks),
    keys,
    columns: new Map([["level", Float64Array.from(level)]]),
    values: words ? { level: words } : {},
  };
}

describe("rows", () => {
  const four = rows([1, 2, 3, 4], [0, 1, 1, 2], [10, 20, 30, NaN]);

  it("are all kept without a filter", () => {
    expect([...narrow(four, nothing())]).toEqual([0, 1, 2, 3]);
  });

  it("are narrowed by legend, choice and range together", () => {
    expect([...narrow(four, { ...nothing(), hidden: new Set([0]) })]).toEqual([1, 2, 3]);
    expect([...narrow(four, { ...nothing(), chosen: new Map([["level", new Set([10, 30])]]) })]).toEqual([0, 2]);
    expect([...narrow(four, { ...nothing(), ranges: new Map([["level", [15, 40]]]) })]).toEqual([1, 2]);
  });

  it("change, join and leave after a live event", () => {
    const merged = merge(four, rows([2, 9], [7, 8], [99, 11]), [2, 3, 9]);
    expect(merged.keys).toEqual([1, 4, 2, 9]);
    expect([...merged.mark]).toEqual([0, 2, 7, 8]);
    expect([...merged.columns.get("level")!]).toEqual([10, NaN, 99, 11]);
    expect(merged.place[4]).toBeCloseTo(114.02);
  });

  it("keep the meaning of text columns when the texts of the event are numbered otherwise", () => {
    const merged = merge(rows([1], [0], [1], ["a", "b"]), rows([2], [0], [0], ["c"]), [2]);
    expect(merged.values.level).toEqual(["a", "b", "c"]);
    expect([...merged.columns.get("level")!]).toEqual([1, 2]);
  });

  it("know their bounds, and that nothing has none", () => {
    expect(bounds(four)).toEqual([114.01, 30.01, 114.04, 30.04]);
    expect(bounds(rows([], [], []))).toBeNull();
  });
});
