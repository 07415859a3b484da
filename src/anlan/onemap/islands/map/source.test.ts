import { afterEach, expect, it, vi } from "vitest";
import type { LayerInfo } from "./catalogue";
import { Source, rgb } from "./source";

const INFO: LayerInfo = {
  name: "alarms", title: "报警", group: "监测", kind: "point", count: 2, filters: [], weight: null, size: 5, minZoom: 0,
  marks: [{ colour: "#d63939", shape: "triangle", word: "重大" }, { colour: "#7b8794", shape: "circle", word: "其他" }],
  visible: true, live: "alarms", searchable: true,
};

function bytes(keys: number[], marks: number[]): ArrayBuffer {
  const count = keys.length;
  const edge = (size: number) => size + ((8 - (size % 8)) % 8);
  const columns = [
    { name: "position", dtype: "<i4", width: 2, offset: 0, nbytes: 8 * count },
    { name: "mark", dtype: "|u1", width: 1, offset: edge(8 * count), nbytes: count },
    { name: "id", dtype: "<u4", width: 1, offset: edge(8 * count) + edge(count), nbytes: 4 * count },
  ];
  let text = JSON.stringify({ count, meta: { scale: 1e-7 }, columns });
  text += " ".repeat((8 - (text.length % 8)) % 8);
  const buffer = new ArrayBuffer(8 + text.length + edge(8 * count) + edge(count) + edge(4 * count));
  new Uint8Array(buffer).set(new TextEncoder().encode("ACOL"));
  new DataView(buffer).setUint32(4, text.length, true);
  new Uint8Array(buffer).set(new TextEncoder().encode(text), 8);
  const body = 8 + text.length;
  keys.forEach((key, row) => {
    new Int32Array(buffer, body, 2 * count).set([(114 + key) * 1e7, 30 * 1e7], 2 * row);
    new Uint8Array(buffer, body + columns[1].offset, count)[row] = marks[row];
    new Uint32Array(buffer, body + columns[2].offset, count)[row] = key;
  });
  return buffer;
}

function answering(...answers: ArrayBuffer[]) {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (address: string) => {
    asked.push(address);
    return new Response(answers.shift());
  });
  return asked;
}

afterEach(() => vi.unstubAllGlobals());

it("loads once for two askers, and draws colour and shape of the legend", async () => {
  const asked = answering(bytes([1, 2], [0, 1]));
  const source = new Source(INFO, "/map/layers/alarms.columns");
  await Promise.all([source.load(), source.load()]);
  expect(asked).toHaveLength(1);
  expect([...source.drawn.attributes.getFillColor.value.slice(0, 4)]).toEqual([...rgb("#d63939"), 255]);
  expect([...source.drawn.attributes.getShape.value]).toEqual([2, 0]);
  expect(source.placeOf(2)![0]).toBeCloseTo(116);
});

it("asks for the changed rows alone and lets vanished ones go", async () => {
  const asked = answering(bytes([1, 2], [0, 1]), bytes([3], [0]));
  const source = new Source({ ...INFO }, "/x");
  await source.load();
  expect(await source.change([2, 3])).toEqual([3]);
  expect(asked[1]).toBe("/x?ids=2,3");
  expect(source.rows!.keys).toEqual([1, 3]);
  expect(source.keyOf(1)).toBe(3);
});

it("does not fetch a layer that was never shown", async () => {
  const asked = answering();
  expect(await new Source(INFO, "/x").change([1])).toEqual([]);
  expect(asked).toEqual([]);
});

it("draws no row whose line of the legend is hidden, and finds the key of what is drawn", async () => {
  answering(bytes([1, 2], [0, 1]));
  const source = new Source(INFO, "/x");
  await source.load();
  source.narrowing.hidden.add(0);
  source.refresh();
  expect(source.shownCount).toBe(1);
  expect(source.keyOf(0)).toBe(2);
});
