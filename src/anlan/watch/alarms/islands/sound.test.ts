import { describe, expect, it } from "vitest";
import { NOTES, sounding, type Calls } from "./sound";

const calls = (groups: string[], waiting: Record<string, number> = {}): Calls => ({ groups, waiting, repeats: 2, mute: 5 });

describe("the sound of the desk", () => {
  it("calls once for each new group, the most serious first", () => {
    const told = calls(["3|A||H", "2|B|7|HH"], { 2: 1, 3: 9 });
    expect(sounding(told, new Set(), false)).toBe(2);
    expect(sounding(told, new Set(["2|B|7|HH"]), false)).toBe(3);
    expect(sounding(told, new Set(told.groups), false)).toBe(0);
  });
  it("repeats only the two most serious until they are seen", () => {
    expect(sounding(calls(["3|A||H"], { 3: 4 }), new Set(["3|A||H"]), true)).toBe(0);
    expect(sounding(calls(["1|A||H"], { 1: 1 }), new Set(["1|A||H"]), true)).toBe(1);
    expect(sounding(calls([]), new Set(["1|A||H"]), true)).toBe(0);
  });
  it("gives each level a sound of its own", () => {
    expect(new Set(Object.values(NOTES).map((note) => `${note.pitch} ${note.times}`)).size).toBe(4);
  });
});
