/** The frame of every screen: who and whether there is a network above, the four places below, within reach of the thumb. */
import type { App } from "../app";
import { h, icon } from "../elements";
import { finished } from "../store";
import { filled } from "../words";

const PLACES = [["home", "home", ""], ["read", "read", "read"], ["outbox", "send", "outbox"], ["mine", "person", "mine"]] as const;

export async function frame(app: App, here: string, content: HTMLElement[], title = ""): Promise<HTMLElement> {
  const { words, store } = app;
  const waiting = (await store.outbox()).filter((sending) => !finished(sending));
  const troubled = waiting.some((sending) => sending.state !== "waiting");
  const pill = waiting.length
    ? h("a.pill", { href: "#/outbox", class: `pill${troubled ? " troubled" : ""}` }, filled(troubled ? words.troubled : words.waiting, { count: waiting.length }))
    : h("span.pill.quiet", null, words.allSent);
  const network = h("span.network", { "data-online": String(app.online), role: "status" }, app.online ? words.online : words.offline);
  const up = here === "form" ? "#/" : location.hash.startsWith("#/item/") ? `#/read/${location.hash.split("/")[2]}` : /^#\/read\/./.test(location.hash) ? "#/read" : "";
  const back = up && h("a.back", { href: up, "aria-label": words.back }, icon("back"));
  const head = h("header.head", null, back, h("h1", null, title || words[here]), network, pill);
  const banner = app.signedOut && h("p.banner", { role: "alert" }, filled(words.sessionOver, { count: waiting.length }), " ", signIn(app));
  const place = ([name, shape, path]: readonly [string, string, string]) =>
    h(
      "a",
      { href: `#/${path}`, "aria-current": name === here ? "page" : null },
      icon(shape),
      h("span", null, words[name]),
      name === "outbox" && waiting.length > 0 && h("b.count", null, waiting.length),
    );
  const nav = here === "form" ? null : h("nav.places", { "aria-label": words.places }, PLACES.map(place));
  return h("div.screen", { "data-here": here }, head, banner, h("main", { tabindex: -1 }, content), nav);
}

export const signIn = (app: App): HTMLElement =>
  h("a", { href: `${app.address("signIn")}?next=${encodeURIComponent(app.address("home"))}` }, app.words.signInAgain);

export function notice(root: HTMLElement, text: string): void {
  const said = h("p.notice", { role: "alert", onclick: () => said.remove() }, text);
  root.append(said);
  setTimeout(() => said.remove(), 8000);
}
