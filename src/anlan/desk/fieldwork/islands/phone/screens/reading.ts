/** What is carried to be read: bundles, their items with a search box, one item with what can be begun from it. */
import type { App } from "../app";
import { h } from "../elements";
import type { Carried, Page } from "../shapes";
import { filled } from "../words";

const SHOWN = 100;
type Readable = Carried & { data: Page };

export async function library(app: App, bundle: string): Promise<HTMLElement[]> {
  const { words, store } = app;
  const heads = await store.heads();
  const all = (await store.items()).filter(({ data }) => data.is === "page") as Readable[];
  if (bundle) {
    const head = heads.find((each) => each.name === bundle);
    return head ? [h("h2", null, head.title), ...searchable(app, all.filter((each) => each.bundle === bundle))] : [h("p.empty", null, words.gone)];
  }
  const filledOnes = heads.map((head) => [head, all.filter((each) => each.bundle === head.name)] as const).filter(([, items]) => items.length);
  if (!filledOnes.length) return [h("p.empty", null, words.nothingCarried)];
  return filledOnes.map(([head, items]) =>
    h("a.card", { href: `#/read/${head.name}` }, h("b", null, head.title), h("span.help", null, filled(head.cut ? words.countCut : words.count, { count: items.length }))),
  );
}

function searchable(app: App, items: Readable[]): HTMLElement[] {
  const list = h("div", null);
  const show = (asked: string) => {
    const found = items.filter(({ data }) => !asked || JSON.stringify([data.title, data.about, data.lines]).toLowerCase().includes(asked));
    list.replaceChildren(...found.slice(0, SHOWN).map((each) => card(app, each)));
    if (!found.length) list.append(h("p.empty", null, app.words.notFound));
    if (found.length > SHOWN) list.append(h("p.help", null, filled(app.words.moreFound, { count: found.length - SHOWN })));
  };
  const search = h("input.find", { type: "search", placeholder: app.words.find, "aria-label": app.words.find, oninput: (event: Event) => show((event.target as HTMLInputElement).value.trim().toLowerCase()) });
  show("");
  return [search, list];
}

function card(app: App, { id, data }: Readable): HTMLElement {
  return h("a.card", { href: `#/item/${id}` }, h("b", null, level(app, data.level), data.title), data.about && h("span.help", null, data.about));
}

export async function item(app: App, id: string): Promise<HTMLElement[]> {
  const found = await app.store.item(id);
  if (!found || found.data.is !== "page") return [h("p.empty", null, app.words.gone)];
  const { data } = found;
  const lines = (data.lines ?? []).flatMap(([title, text]) => [h("dt", null, title), h("dd", null, text)]);
  const offered = new Set((await app.store.offers()).filter((offer) => offer.form).map((offer) => offer.name));
  const deeds = (data.deeds ?? [])
    .filter(([name]) => offered.has(name))
    .map(([name, title, fixed], index) => h(index ? "button.plain.wide" : "button.main.wide", { type: "button", onclick: () => void app.beginOffer(name, fixed, data.title) }, title));
  return [
    h("h2", null, level(app, data.level), data.title),
    ...(data.about ? [h("p.about", null, data.about)] : []),
    ...(lines.length ? [h("dl.lines", null, lines)] : []),
    ...(data.text ? [h("p.text", null, data.text)] : []),
    ...(deeds.length ? [h("section.offers", null, deeds)] : []),
  ];
}

function level(app: App, value?: number): HTMLElement | null {
  return value ? h("span.level", { "data-level": value }, app.words[`level${value}`]) : null;
}
