/** Pictures made small enough for a bad network and digested, so that the platform can tell whether all of it came.
 *  Drawing them anew leaves out what the camera wrote into the file; time and place are kept beside, in the record. */
import type { Kept, Place } from "./shapes";

export const MOST = 400_000;
const SIDES = [1920, 1600, 1280, 1024];
const QUALITIES = [0.82, 0.7, 0.58, 0.46];

/** The first of ever smaller pictures that is not over 400 kB; the smallest, if none is. */
export async function compressed(source: Blob): Promise<Blob> {
  const picture = await createImageBitmap(source, { imageOrientation: "from-image" });
  try {
    let smallest: Blob | null = null;
    for (const side of SIDES) {
      for (const quality of QUALITIES) {
        const made = await drawn(picture, side, quality);
        if (made.size <= MOST) return made;
        if (!smallest || made.size < smallest.size) smallest = made;
      }
    }
    return smallest!;
  } finally {
    picture.close();
  }
}

export async function kept(blob: Blob, name: string, place: Place | null, made: Date): Promise<Kept> {
  const bytes = await blob.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const key = crypto.randomUUID();
  return { key, name, type: blob.type, size: bytes.byteLength, digest: hex, made_at: made.toISOString(), place, bytes, done: false };
}

function drawn(picture: ImageBitmap, longest: number, quality: number): Promise<Blob> {
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const context = canvas.getContext("2d")!;
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return asJpeg(canvas, quality);
}

export function asJpeg(canvas: HTMLCanvasElement, quality = 0.82): Promise<Blob> {
  return new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("canvas"))), "image/jpeg", quality));
}

/** "20261124-143005": part of a file's name. */
export const stamp = (at: Date): string =>
  new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19).replaceAll("-", "").replaceAll(":", "").replace("T", "-");
