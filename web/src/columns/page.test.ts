import { describe, expect, it } from "vitest";
import { MalformedPage, numbers, unpack } from "./page";

/** A page as `anlan.columns.page.pack` writes it. */
function page(header: object, body: Uint8Array): ArrayBuffer {
  let text = JSON.stringify(header);
  text += " ".repeat((8 - (text.length % 8)) % 8);
  const head = new TextEncoder().encode(text);
  const bytes = new Uint8Array(8 + head.length + body.length);
  bytes.set(new TextEncoder().encode("ACOL"));
  new DataView(bytes.buffer).setUint32(4, head.length, true);
  bytes.set(head, 8);
  bytes.set(body, 8 + head.length);
  return bytes.buffer;
}

const BODY = new Uint8Array(40);
new Float64Array(BODY.buffer, 0, 4).set([114.3, 30.5, 114.4, 30.6]);
new Uint8Array(BODY.buffer, 32, 2).set([1, 4]);
const HEADER = {
  count: 2,
  meta: { version: "a" },
  columns: [
    { name: "position", dtype: "<f8", width: 2, offset: 0, nbytes: 32 },
    { name: "level", dtype: "|u1", width: 1, offset: 32, nbytes: 2 },
  ],
};

describe("a column page", () => {
  it("is read without copying the arrays", () => {
    const bytes = page(HEADER, BODY);
    const read = unpack(bytes);
    expect(read.count).toBe(2);
    expect(read.meta).toEqual({ version: "a" });
    expect([...numbers(read, "position")]).toEqual([114.3, 30.5, 114.4, 30.6]);
    expect([...numbers(read, "level")]).toEqual([1, 4]);
    expect(read.columns.get("level")!.values.buffer).toBe(bytes);
  });

  it("gives numbers for 64-bit integers and nothing for a column that is not there", () => {
    const body = new Uint8Array(new BigInt64Array([9007199254740991n, -1n]).buffer);
    const read = unpack(page({ count: 2, columns: [{ name: "id", dtype: "<i8", offset: 0, nbytes: 16 }] }, body));
    expect([...numbers(read, "id")]).toEqual([9007199254740991, -1]);
    expect(numbers(read, "level")).toHaveLength(0);
  });

  it.each([
    ["other bytes", new TextEncoder().encode("<!doctype html>").buffer as ArrayBuffer, /does not begin with ACOL/],
    ["a cut page", page(HEADER, BODY.slice(0, 8)), /position ends outside/],
    ["a wrong length", page({ ...HEADER, count: 3 }, BODY), /position has 32 bytes/],
    ["an unknown type", page({ count: 1, columns: [{ name: "x", dtype: "<c8", offset: 0, nbytes: 8 }] }, BODY), /unknown type <c8/],
  ])("refuses %s with a reason", (_, bytes, reason) => {
    expect(() => unpack(bytes)).toThrow(MalformedPage);
    expect(() => unpack(bytes)).toThrow(reason);
  });
});
