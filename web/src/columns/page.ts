/**
 * Reader of column pages, the bytes that `anlan.columns.page.pack` writes.
 *
 * `ACOL`, the length of the header (u32, little-endian), the header (JSON in UTF-8, padded with spaces so that the body
 * starts on a multiple of 8), then the arrays, each on a multiple of 8. Nothing is copied: every array is a view.
 */

export type ColumnArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

export interface Column {
  /** `width` values a row, row after row. */
  values: ColumnArray;
  width: number;
}

export interface Page {
  count: number;
  meta: Record<string, unknown>;
  columns: Map<string, Column>;
}

export class MalformedPage extends Error {}

interface Maker {
  new (buffer: ArrayBuffer, offset: number, length: number): ColumnArray;
  readonly BYTES_PER_ELEMENT: number;
}

const ARRAYS: Record<string, Maker> = {
  "<f4": Float32Array,
  "<f8": Float64Array,
  "|i1": Int8Array,
  "|u1": Uint8Array,
  "|b1": Uint8Array,
  "<i2": Int16Array,
  "<u2": Uint16Array,
  "<i4": Int32Array,
  "<u4": Uint32Array,
  "<i8": BigInt64Array,
  "<u8": BigUint64Array,
};

const PREFIX = 8;

interface ColumnHeader {
  name: string;
  dtype: string;
  width?: number;
  offset: number;
  nbytes: number;
}

/** Reads a whole page. Throws MalformedPage with what is wrong and where. */
export function unpack(buffer: ArrayBuffer): Page {
  const header = readHeader(buffer);
  const body = PREFIX + header.length;
  const columns = new Map<string, Column>();
  for (const column of header.content.columns) {
    columns.set(column.name, readColumn(buffer, body, column, header.content.count));
  }
  return { count: header.content.count, meta: header.content.meta ?? {}, columns };
}

function readHeader(buffer: ArrayBuffer): {
  length: number;
  content: { count: number; meta?: Record<string, unknown>; columns: ColumnHeader[] };
} {
  if (buffer.byteLength < PREFIX || String.fromCharCode(...new Uint8Array(buffer, 0, 4)) !== "ACOL") {
    throw new MalformedPage("This is no column page: it does not begin with ACOL.");
  }
  const length = new DataView(buffer).getUint32(4, true);
  if (PREFIX + length > buffer.byteLength) {
    throw new MalformedPage(`The header says ${length} bytes, but only ${buffer.byteLength - PREFIX} follow.`);
  }
  const text = new TextDecoder().decode(new Uint8Array(buffer, PREFIX, length));
  try {
    return { length, content: JSON.parse(text) };
  } catch {
    throw new MalformedPage("The header of the column page is not JSON.");
  }
}

function readColumn(buffer: ArrayBuffer, body: number, column: ColumnHeader, count: number): Column {
  const { name, dtype, offset, nbytes } = column;
  const width = column.width ?? 1;
  const Kind = ARRAYS[dtype];
  if (!Kind) throw new MalformedPage(`Column ${name} has the unknown type ${dtype}.`);
  if (body + offset + nbytes > buffer.byteLength) throw new MalformedPage(`Column ${name} ends outside the page.`);
  const needed = count * width * Kind.BYTES_PER_ELEMENT;
  if (needed !== nbytes) {
    throw new MalformedPage(`Column ${name} has ${nbytes} bytes; ${count} rows of ${width} need ${needed}.`);
  }
  return { values: new Kind(buffer, body + offset, count * width), width };
}

/** The numbers of one column; an empty array when the page has no such column. */
export function numbers(page: Page, name: string): Exclude<ColumnArray, BigInt64Array | BigUint64Array> {
  const found = page.columns.get(name)?.values;
  if (found instanceof BigInt64Array || found instanceof BigUint64Array) return Float64Array.from(found, Number);
  return found ?? new Float64Array(0);
}
