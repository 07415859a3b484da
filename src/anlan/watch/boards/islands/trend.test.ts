import { describe, expect, it } from "vitest";
import type { Column, Page } from "@/columns/page";
import { curves, stretches, units } from "./trend";

const column = (values: number[], kind: "f" | "b" = "f"): Column => ({ width: 1, values: kind === "b" ? new BigInt64Array(values.map(BigInt)) : new Float32Array(values) });
const page: Page = {
  count: 3,
  meta: { points: [{ id: 7, title: "Level", unit: "%" }, { id: 8, title: "Pressure", unit: "kPa" }] },
  columns: new Map<string, Column>([
    ["point", { width: 1, values: new Uint32Array([7, 7, 8]) }],
    ["ts", column([1000, 2000, 1000], "b")],
    ["low", column([1, 2, 3])],
    ["mean", column([2, 3, 4])],
    ["high", column([4, 5, 6])],
  ]),
};

describe("the curves of a page", () => {
  it("are told apart by point, in milliseconds, with a band from low to high", () => {
    const [level, pressure] = curves(page);
    expect(level.mean).toEqual([[1, 2], [2, 3]]);
    expect(level.band).toEqual([[1, 3], [2, 3]]);
    expect(pressure.mean).toEqual([[1, 4]]);
    expect(units([level, pressure])).toEqual(["%", "kPa"]);
  });
});

describe("alarms on a chart", () => {
  it("end with the window when they last, and begin with it when they are older", () => {
    const laid = { limits: [], cases: [], alarms: [{ title: "", level: 1, from: -50, to: null, url: "" }] };
    expect(stretches(laid, 0, 100)).toMatchObject([[{ xAxis: 0 }, { xAxis: 100 }]]);
  });
});
