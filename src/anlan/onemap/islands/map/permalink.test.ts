import { describe, expect, it } from "vitest";
import { format, parse, type Shown } from "./permalink";

describe("a permalink", () => {
  it("gives back everything that was shown", () => {
    const shown: Shown = {
      centre: [114.3, 30.5],
      zoom: 12.5,
      on: ["alarms", "devices"],
      base: "local",
      item: { layer: "alarms", key: "a/b c&d" },
      here: { kind: "circle", numbers: "114.3,30.5,1500" },
      narrowing: new Map([
        ["alarms", { hidden: new Set([2, 1]), chosen: new Map([["state", new Set([0, 3])]]), ranges: new Map([["value", [1.5, 9]]]) }],
      ]),
    };
    expect(parse(`#${format(shown)}`)).toEqual(shown);
  });

  it("says nothing about layers when it is empty, and that none is on when told so", () => {
    expect(parse("").on).toBeUndefined();
    expect(parse("#on=").on).toEqual([]);
  });

  it.each(["#map=x/y/z", "#map=1/99/200", "#item=alarms", "#here=evil:1,2", "#here=point:<b>", "#f.a=x", "#r.a.b=1", "#%E0%A4%A", "#=&&="])(
    "leaves out what it cannot understand: %s",
    (hash) => {
      expect(parse(hash)).toEqual({ narrowing: new Map() });
    },
  );
});
