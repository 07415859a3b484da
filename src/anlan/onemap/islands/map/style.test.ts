import { validateStyleMin } from "@maplibre/maplibre-gl-style-spec";
import { describe, expect, it } from "vitest";
import { baseStyle, type BaseChoice, type Online } from "./style";

const TIANDITU: Online = {
  name: "tdt", title: "天地图", tiles: ["https://t0.example/{z}/{x}/{y}", "https://t1.example/{z}/{x}/{y}"],
  attribution: "天地图", datum: "CGCS2000", tile_size: 256, max_zoom: 18, shifted: false,
};
const CHOICE: BaseChoice = { name: "local", localUrl: "http://x/map/base.pmtiles", online: [TIANDITU], dark: false, language: "zh-hans" };

describe("the base style", () => {
  it.each([
    ["light", CHOICE],
    ["dark", { ...CHOICE, dark: true }],
    ["English", { ...CHOICE, language: "en" }],
    ["online", { ...CHOICE, name: "tdt" }],
    ["blank", { ...CHOICE, name: "blank" }],
  ])("is valid: %s", (_, choice) => {
    expect(validateStyleMin(baseStyle(choice)).map((problem) => problem.message)).toEqual([]);
  });

  it("fetches nothing from elsewhere: no glyphs, no sprite, no address but our own", () => {
    const style = baseStyle(CHOICE);
    expect(style.glyphs).toBeUndefined();
    expect(style.sprite).toBeUndefined();
    expect(JSON.stringify(style.sources)).toBe('{"base":{"type":"vector","url":"pmtiles://http://x/map/base.pmtiles"}}');
  });

  it("draws every template of an online map, one over the other", () => {
    expect(Object.keys(baseStyle({ ...CHOICE, name: "tdt" }).sources)).toEqual(["online-0", "online-1"]);
  });

  it("falls back to bare ground when there is no local file", () => {
    expect(baseStyle({ ...CHOICE, localUrl: null }).layers).toHaveLength(1);
  });
});
