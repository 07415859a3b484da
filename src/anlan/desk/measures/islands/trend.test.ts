import { expect, test } from "vitest";
import { drawing, type Trend } from "./trend";

const TREND: Trend = {
  title: "deaths",
  unit: "people",
  decimals: 1,
  labels: ["2014", "2015", "2016"],
  values: [12, null, 9],
  paths: [null, null, null],
  breaks: ["2016"],
  words: { value: "value", path: "path", break: "counted differently" },
};

interface Drawn {
  series: { data: unknown[]; markLine?: { data: { xAxis: string }[] } }[];
  tooltip: { valueFormatter: (value: unknown) => string };
}

test("a period without a value stays empty and a change of calibre is marked", () => {
  const drawn = drawing(TREND) as unknown as Drawn;
  expect(drawn.series).toHaveLength(1);
  expect(drawn.series[0]!.data).toEqual([12, null, 9]);
  expect(drawn.series[0]!.markLine!.data.map((mark) => mark.xAxis)).toEqual(["2016"]);
  expect(drawn.tooltip.valueFormatter(null)).toBe("–");
  expect(drawn.tooltip.valueFormatter(9)).toBe("9.0 people");
});

test("the line of the target is drawn when there is one", () => {
  const drawn = drawing({ ...TREND, paths: [12, 11.5, 11] }) as unknown as Drawn;
  expect(drawn.series).toHaveLength(2);
});
