/**
 * Live events: `{"room": "alarms", "ids": [1, 2]}` from the server's event stream. Events of a short while are gathered,
 * so that a hundred alarms in one second are one request; a stream that was away says so, because it has missed events.
 */

import { lease, type Stream } from "./stream";

export type Ids = (number | string)[];
export type State = "on" | "off";

export interface RoomEvents {
  changed(room: string, ids: Ids): void;
  state(state: State, missed: boolean): void;
}

const GATHER = 150;

/** Follows the stream at an address until the answered function is called. */
export function follow(address: string, events: RoomEvents, open: (url: string) => Stream = lease): () => void {
  const waiting = new Map<string, Set<number | string>>();
  let timer = 0;
  let wasAway = false;
  const stream = open(address);
  const flush = () => {
    timer = 0;
    const rooms = [...waiting];
    waiting.clear();
    for (const [room, ids] of rooms) events.changed(room, [...ids]);
  };
  const take = (event: MessageEvent) => {
    const change = read(event.data);
    if (!change) return;
    const ids = waiting.get(change.room) ?? new Set();
    change.ids.forEach((id) => ids.add(id));
    waiting.set(change.room, ids);
    timer ||= window.setTimeout(flush, GATHER);
  };
  stream.addEventListener("change", take as EventListener);
  stream.addEventListener("message", take as EventListener);
  stream.addEventListener("open", () => {
    events.state("on", wasAway);
    wasAway = false;
  });
  stream.addEventListener("error", () => {
    wasAway = true;
    events.state("off", false);
  });
  return () => {
    window.clearTimeout(timer);
    stream.close();
  };
}

function read(data: unknown): { room: string; ids: Ids } | null {
  try {
    const change = JSON.parse(String(data));
    return typeof change?.room === "string" && Array.isArray(change.ids) ? change : null;
  } catch {
    return null;
  }
}
