/** One of the things the phone carries, found by a few characters; what is not carried is given in one's own words. */
import { h } from "./elements";
import type { Carried, Question, Words } from "./shapes";

const SHOWN = 6;
type Picked = { key?: string; text: string };

export function picker(words: Words, question: Question, value: unknown, items: (bundle: string) => Promise<Carried[]>, give: (answer: unknown) => void): HTMLElement {
  const found = h("div.found", null);
  const input = h<HTMLInputElement>("input", { type: "search", placeholder: words.find, "aria-label": question.title, autocomplete: "off" });
  let all: Carried[] = [];
  const choose = ({ key, data }: Carried) => {
    input.value = data.title;
    found.replaceChildren();
    give({ key, text: data.title } satisfies Picked);
  };
  const offer = () => {
    const asked = input.value.trim().toLowerCase();
    const fits = all.filter(({ data }) => !asked || `${data.title} ${"about" in data ? data.about : ""}`.toLowerCase().includes(asked)).slice(0, SHOWN);
    found.replaceChildren(...fits.map((each) => h("button.choice", { type: "button", onclick: (event: Event) => (event.stopPropagation(), choose(each)) }, each.data.title)));
  };
  input.addEventListener("input", () => {
    const text = input.value.trim();
    give(text ? ({ text } satisfies Picked) : null);
    offer();
  });
  input.addEventListener("focus", offer);
  if (value) input.value = (value as Picked).text;
  void items(question.bundle ?? "").then((carried) => void (all = carried));
  return h("div.picker", null, input, found);
}
