import { describe, expect, it } from "vitest";
import { placeOf, stateOf } from "./states";

const NOW = 1_000_000_000;
const known = { value: "42", at: String(NOW - 5000), every: "5", quality: "0", level: "", low: "0", high: "84" };

describe("what a gauge says", () => {
  it("is normal while the reading is fresh", () => {
    expect(stateOf(known, NOW)).toEqual({ word: "normal", stale: false, level: undefined, age: 5, place: 50 });
  });
  it("turns grey after twice the interval and still says how old", () => {
    expect(stateOf(known, NOW + 5000).stale).toBe(false);
    const old = stateOf(known, NOW + 6000);
    expect([old.stale, old.word, old.age]).toEqual([true, "stale", 11]);
  });
  it("never shows a value that never came", () => {
    expect(stateOf({ ...known, value: "", at: "0" }, NOW)).toEqual({ word: "none", stale: true, level: undefined });
  });
  it("says that a reading is doubtful, and the level of its alarm beside", () => {
    const found = stateOf({ ...known, quality: "2", level: "1" }, NOW);
    expect([found.word, found.level]).toEqual(["doubt", 1]);
  });
  it("keeps the mark on the bar however far the value is out", () => {
    expect([placeOf(-5, "0", "10"), placeOf(50, "0", "10"), placeOf(5)]).toEqual([0, 100, undefined]);
  });
});
