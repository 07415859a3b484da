/** The queue, as plain as the post: each thing with where it stands, its own error, and what can be done about it. */
import type { App } from "../app";
import { h } from "../elements";
import type { Answer, Question, Sending } from "../shapes";
import { finished } from "../store";
import { filled } from "../words";
import { moment } from "./home";

export async function outbox(app: App): Promise<HTMLElement[]> {
  const all = await app.store.outbox();
  const open = all.filter((sending) => !finished(sending)), done = all.filter(finished).reverse();
  const send = h("button.main.wide", { type: "button", onclick: () => void app.contact() }, app.words.sendNow);
  return [
    h("h2", null, filled(app.words.toSend, { count: open.length })),
    ...(open.length ? [...open.map((sending) => card(app, sending)), send] : [h("p.empty", null, app.words.nothingWaits)]),
    ...(done.length ? [h("h2", null, app.words.done7), ...done.map((sending) => card(app, sending))] : []),
  ];
}

function card(app: App, sending: Sending): HTMLElement {
  const { words } = app;
  const state = h("span.state", { "data-state": sending.state }, words[`state_${sending.state}`]);
  const facts = [moment(sending.made_at, words), sending.files.length && filled(words.files, { count: sending.files.length })].filter(Boolean).join(" · ");
  return h(
    "article.card",
    { "data-key": sending.key },
    h("b", null, sending.title),
    h("span.help", null, facts, " ", state),
    sending.state === "waiting" && sending.progress > 0 && h("progress", { max: 1, value: sending.progress, "aria-label": words.uploading }),
    sending.state === "waiting" && sending.tries > 0 && h("span.help", null, filled(words.tries, { count: sending.tries }), sending.reason && ` ${sending.reason}`),
    ["letter", "refused"].includes(sending.state) && h("p.reason", null, sending.reason),
    sending.words && h("p.help", null, sending.words),
    sending.state === "conflict" ? conflict(app, sending) : deeds(app, sending),
  );
}

function deeds(app: App, sending: Sending): HTMLElement | null {
  const { words } = app;
  if (finished(sending)) return sending.url && app.online ? h("a.open", { href: sending.url }, words.openResult) : null;
  const again = h("button.plain", { type: "button", onclick: () => void app.retry(sending) }, words.tryAgain);
  const back = h("button.plain", { type: "button", onclick: () => void app.takeBack(sending) }, words.correct);
  return h("div.deeds", null, again, sending.state !== "waiting" && back);
}

/** Field by field: one's own or what stands there. */
function conflict(app: App, sending: Sending): HTMLElement {
  const { words } = app, own = new Set<string>();
  const questions = new Map(sending.draft.form.questions.map((question) => [question.name, question]));
  const row = (name: string, [sent, there]: [Answer, Answer]) => {
    const question = questions.get(name);
    const choose = (mine: boolean) => (event: Event) => {
      if (mine) own.add(name);
      else own.delete(name);
      const pressed = event.currentTarget as HTMLElement;
      for (const button of pressed.parentElement!.children) button.setAttribute("aria-pressed", String(button === pressed));
    };
    const target = (mine: boolean, answer: Answer) =>
      h("button.choice", { type: "button", "aria-pressed": String(!mine), onclick: choose(mine) }, h("small", null, mine ? words.mineSays : words.otherSays), h("span", null, shown(answer, question, app)));
    return h("section.row", null, h("div.question", null, question?.title ?? name), h("div.choices", null, target(true, sent), target(false, there)));
  };
  const rows = Object.entries(sending.fields).map(([name, pair]) => row(name, pair));
  return h("div.conflict", null, h("p.reason", null, sending.reason), rows, h("button.main.wide", { type: "button", onclick: () => void app.decide(sending, own) }, words.sendDecided));
}

function shown(answer: Answer, question: Question | undefined, app: App): string {
  if (answer === null || answer === undefined) return app.words.nothing;
  if (question?.kind === "verdict") return app.words[String(answer)] ?? String(answer);
  const title = (code: unknown) => question?.choices?.find((choice) => choice.value === code)?.title ?? String(code);
  return Array.isArray(answer) ? answer.map(title).join("、") : title(answer);
}
