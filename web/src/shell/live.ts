/**
 * One stream of changes per page. `/live/` says which room changed; elements that named the room are told.
 *
 *     <div data-live="alarms warnings" hx-get="…" hx-trigger="live">    fetched again at once (at most once a second)
 *     <button data-live-count="warnings" hidden>有 %s 条变动</button>       counts, and waits to be pressed
 *
 * Islands listen to `anlan:change` on the document: detail {room, ids}.
 */
import { end, lease } from "../live/stream";

type Htmx = { trigger(element: Element, name: string): unknown };

export function concerns(rooms: string | undefined, room: string): boolean {
  return (rooms ?? "").split(/\s+/).includes(room);
}

export function live(page: Document, htmx: Htmx): void {
  const address = page.body.dataset.liveUrl;
  if (!address || typeof EventSource === "undefined") return;
  const waiting = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    timer = undefined;
    for (const element of page.querySelectorAll<HTMLElement>("[data-live]")) {
      if ([...waiting].some((room) => room === "*" || concerns(element.dataset.live, room))) htmx.trigger(element, "live");
    }
    waiting.clear();
  };
  const hear = (room: string, ids: number[]) => {
    waiting.add(room);
    timer ??= setTimeout(flush, page.hidden ? 3000 : 250);
    count(page, room, ids);
    page.dispatchEvent(new CustomEvent("anlan:change", { detail: { room, ids } }));
  };
  const source = lease(address);
  source.addEventListener("change", (event) => {
    const { room, ids } = JSON.parse((event as MessageEvent).data) as { room: string; ids: number[] };
    hear(room, ids ?? []);
  });
  source.addEventListener("reset", () => hear("*", []));
  source.addEventListener("signed-out", () => {
    end(address);
    page.defaultView!.location.assign(page.body.dataset.signInUrl ?? "/");
  });
  source.addEventListener("open", () => page.body.classList.remove("live-lost"));
  source.addEventListener("error", () => page.body.classList.add("live-lost"));
  page.defaultView!.addEventListener("pagehide", () => end(address));
  // Back from the browser's own cache: what the page shows is old, and nobody listens any more.
  page.defaultView!.addEventListener("pageshow", (event) => event.persisted && page.defaultView!.location.reload());
}

/** New rows do not move what the pointer is on: they are counted on a button that shows them. `data-only` names one id. */
export function count(page: Document, room: string, ids: number[]): void {
  for (const button of page.querySelectorAll<HTMLElement>("[data-live-count]")) {
    if (!concerns(button.dataset.liveCount, room)) continue;
    if (button.dataset.only && ids.length && !ids.includes(Number(button.dataset.only))) continue;
    const known = new Set((button.dataset.ids ?? "").split(" ").filter(Boolean));
    for (const id of ids) known.add(String(id));
    button.dataset.ids = [...known].join(" ");
    const label = button.querySelector("[data-count]");
    if (label) label.textContent = String(known.size || 1);
    button.hidden = false;
  }
}
