/**
 * One event stream per address and page, shared by shell and islands: browsers keep six connections to a host open at
 * most, over all tabs together.
 */

/** What a listener needs of an EventSource; `close` lets go of its own listeners alone. */
export interface Stream {
  addEventListener(name: string, listener: EventListener): void;
  close(): void;
}

const streams = new Map<string, EventSource>();

export function lease(address: string, open = (url: string) => new EventSource(url)): Stream {
  let source = streams.get(address);
  if (!source || source.readyState === 2) {
    source = open(address);
    streams.set(address, source);
  }
  const held: [string, EventListener][] = [];
  const shared = source;
  return {
    addEventListener(name, listener) {
      held.push([name, listener]);
      shared.addEventListener(name, listener);
      // Whoever comes later has missed the opening.
      if (name === "open" && shared.readyState === 1) queueMicrotask(() => listener(new Event("open")));
    },
    close() {
      for (const [name, listener] of held.splice(0)) shared.removeEventListener(name, listener);
    },
  };
}

/** Closes the connection itself: the page is being left, or the session is over. */
export function end(address: string): void {
  streams.get(address)?.close();
  streams.delete(address);
}
