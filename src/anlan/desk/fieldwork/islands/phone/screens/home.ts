/** The first screen: what is begun, what is to be done, soonest first, and what can be reported at any time. */
import type { App } from "../app";
import { answered } from "../checking";
import { h, icon } from "../elements";
import type { Carried, Task, Words } from "../shapes";
import { filled } from "../words";

export async function home(app: App): Promise<HTMLElement[]> {
  const { words, store } = app;
  const drafts = await store.drafts();
  const begun = new Set(drafts.map((draft) => draft.source).filter(Boolean));
  const sent = new Set((await store.outbox()).map((sending) => sending.draft.source).filter(Boolean));
  const all = (await store.items()).filter(({ data }) => data.is === "task") as (Carried & { data: Task })[];
  const tasks = all.filter(({ id }) => !begun.has(id) && !sent.has(id)).sort((a, b) => due(a).localeCompare(due(b)));
  const offers = (await store.offers()).filter((offer) => offer.form && offer.on_home);
  const parts: HTMLElement[] = [];
  if (drafts.length) {
    const card = (draft: (typeof drafts)[number]) =>
      h(
        "a.card",
        { href: `#/form/${draft.key}` },
        h("b", null, draft.title),
        h("span.help", null, filled(words.begun, { done: answered(draft), all: draft.form.questions.length, at: moment(draft.changed_at, words) })),
      );
    const drop = (draft: (typeof drafts)[number]) => () => confirm(words.dropDraft) && void store.dropDraft(draft.key).then(() => app.refresh());
    const row = (draft: (typeof drafts)[number]) =>
      h("div.card-row", null, card(draft), h("button.drop", { type: "button", "aria-label": `${words.remove} ${draft.title}`, onclick: drop(draft) }, icon("no")));
    parts.push(h("section", null, h("h2", null, words.drafts), drafts.map(row)));
  }
  parts.push(h("section", null, h("h2", null, filled(words.tasks, { count: tasks.length })), tasks.length ? tasks.map((task) => taskCard(app, task)) : h("p.empty", null, words.noTasks)));
  if (offers.length) {
    const button = (offer: (typeof offers)[number], index: number) =>
      h(index ? "button.plain.wide" : "button.main.wide", { type: "button", onclick: () => void app.beginOffer(offer.name) }, icon("alert"), offer.title);
    parts.push(h("section.offers", null, offers.slice(0, 4).map(button)));
  }
  return parts;
}

function taskCard(app: App, { id, data }: Carried & { data: Task }): HTMLElement {
  const late = Boolean(data.due_at) && Date.parse(data.due_at!) < Date.now();
  const when = data.due_at && h("span.due", { "data-late": String(late) }, icon("clock"), `${late ? app.words.overdue : app.words.due} ${moment(data.due_at, app.words)}`);
  return h("button.card", { type: "button", onclick: () => void app.beginTask(id) }, h("b", null, data.title), data.about && h("span.help", null, data.about), when);
}

const due = ({ data }: { data: Task }): string => data.due_at ?? "9999";

export function moment(iso: string, words: Words): string {
  const at = new Date(iso), today = new Date();
  const clock = at.toLocaleTimeString(words.locale, { hour: "2-digit", minute: "2-digit", hour12: false });
  return at.toDateString() === today.toDateString() ? `${words.today} ${clock}` : `${at.toLocaleDateString(words.locale, { month: "numeric", day: "numeric" })} ${clock}`;
}

