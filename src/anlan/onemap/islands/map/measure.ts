/** Distances and areas as people read them, and shapes on the ellipsoid's mean sphere for drawing. Pure. */

export type Place = [number, number];

const EARTH = 6371008.8;
const RADIAN = Math.PI / 180;

export interface UnitWords {
  metres: string;
  kilometres: string;
  squareMetres: string;
  squareKilometres: string;
}

export function distanceText(metres: number, words: UnitWords): string {
  if (metres < 1000) return `${Math.round(metres)} ${words.metres}`;
  return `${(metres / 1000).toFixed(metres < 10_000 ? 2 : 1)} ${words.kilometres}`;
}

export function areaText(squareMetres: number, words: UnitWords): string {
  if (squareMetres < 100_000) return `${Math.round(squareMetres)} ${words.squareMetres}`;
  return `${(squareMetres / 1e6).toFixed(2)} ${words.squareKilometres}`;
}

/** Metres between two places (great circle; the server measures on the ellipsoid). */
export function distance([lon, lat]: Place, [lon2, lat2]: Place): number {
  const half = (angle: number) => Math.sin((angle * RADIAN) / 2) ** 2;
  const chord = half(lat2 - lat) + Math.cos(lat * RADIAN) * Math.cos(lat2 * RADIAN) * half(lon2 - lon);
  return 2 * EARTH * Math.asin(Math.min(1, Math.sqrt(chord)));
}

/** A circle as a closed ring of places. */
export function circle([lon, lat]: Place, radius: number, corners = 72): Place[] {
  const reach = radius / EARTH;
  return Array.from({ length: corners + 1 }, (_, index) => {
    const bearing = (index / corners) * 2 * Math.PI;
    const sine = Math.sin(lat * RADIAN) * Math.cos(reach) + Math.cos(lat * RADIAN) * Math.sin(reach) * Math.cos(bearing);
    const east = Math.atan2(
      Math.sin(bearing) * Math.sin(reach) * Math.cos(lat * RADIAN),
      Math.cos(reach) - Math.sin(lat * RADIAN) * sine,
    );
    return [lon + east / RADIAN, Math.asin(sine) / RADIAN];
  });
}
