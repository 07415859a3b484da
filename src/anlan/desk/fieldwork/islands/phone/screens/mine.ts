/** Oneself: how the app looks, what it holds, leaving. */
import type { App, Look } from "../app";
import { h } from "../elements";
import { finished } from "../store";
import { filled } from "../words";
import { moment } from "./home";

const LOOKS: Look[] = ["auto", "sun", "dark"];

export async function mine(app: App): Promise<HTMLElement[]> {
  const { words, store } = app;
  const contact = await store.note<{ at: number; days: number }>("contact");
  const look = (await store.note<Look>("look")) ?? "auto";
  const choose = (name: Look) => async () => {
    app.look(name);
    await store.remember("look", name);
    await app.refresh();
  };
  const left = (await store.outbox()).filter((sending) => !finished(sending)).length + (await store.drafts()).length;
  const leave = () => confirm(left ? filled(words.leaveWith, { count: left }) : words.leave) && void app.signOut().catch(() => alert(words.leaveOffline));
  const looks = LOOKS.map((name) => h("button.choice", { type: "button", "aria-pressed": String(name === look), onclick: () => void choose(name)() }, words[`look_${name}`]));
  return [
    h("h2", null, store.user!.name),
    h("p.help", null, contact ? filled(words.lastContact, { at: moment(new Date(contact.at).toISOString(), words), days: contact.days }) : words.noContact),
    h("button.plain.wide", { type: "button", onclick: () => void app.contact() }, words.fetchNow),
    h("h2", null, words.appearance),
    h("div.choices", { role: "group", "aria-label": words.appearance }, looks),
    h("h2", null, words.device),
    h("p.help", null, words.deviceWords),
    h("a.button.plain.wide", { href: "/" }, words.desk),
    h("button.plain.wide.leave", { type: "button", onclick: leave }, words.signOut),
  ];
}
