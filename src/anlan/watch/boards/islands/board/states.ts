/** What a gauge says at an instant, from what is known of its point. Pure. */

export interface State {
  word: "none" | "stale" | "doubt" | "normal";
  stale: boolean;
  level?: number; // of the gravest active alarm
  age?: number; // seconds; nothing when there is no reading
  place?: number; // 0 to 100 on the bar
}

/** `at` in milliseconds since 1970, 0 for never; `every` in seconds: a value older than twice that is stale. */
export function stateOf(known: DOMStringMap, now: number): State {
  const at = Number(known.at ?? 0);
  const level = known.level ? Number(known.level) : undefined;
  if (!at || !known.value) return { word: "none", stale: true, level };
  const age = Math.max(0, Math.round((now - at) / 1000));
  const stale = age > 2 * Number(known.every);
  const word = stale ? "stale" : Number(known.quality) ? "doubt" : "normal";
  return { word, stale, level, age, place: placeOf(Number(known.value), known.low, known.high) };
}

export function placeOf(value: number, low?: string, high?: string): number | undefined {
  if (low === undefined || high === undefined) return undefined;
  const [first, last] = [Number(low), Number(high)];
  return Math.min(1, Math.max(0, (value - first) / (last - first))) * 100;
}
