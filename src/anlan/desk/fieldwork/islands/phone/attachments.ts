/** Answers that are no text: pictures, voice, signature, place. Each file lies in the store before its id is an answer. */
import { draw } from "./drawing";
import { h, icon } from "./elements";
import { compressed, kept, stamp } from "./pictures";
import type { Whereabouts } from "./place";
import type { Kept, Place, Question, Words } from "./shapes";
import type { Store } from "./store";
import { record, type Recording } from "./voice";
import { filled } from "./words";

type Give = (answer: unknown) => void;
const MOST = 9; // pictures of one question

export class Attachments {
  constructor(private store: Store, private where: Whereabouts, private words: Words) {}

  control(question: Question, value: unknown, give: Give): HTMLElement {
    if (question.kind === "place") return this.place(value as Place | undefined, give);
    const keys = Array.isArray(value) ? [...(value as string[])] : [];
    const shelf = h("div.shelf", null);
    const said = h("p.said", { role: "status" });
    const changed = () => (give([...keys]), this.fill(shelf, question, keys, changed));
    this.fill(shelf, question, keys, changed);
    const add = async (file: Kept) => {
      await this.store.keepFile(file);
      keys.push(file.key);
      changed();
    };
    const tell = (text: string) => void (said.textContent = text);
    const ways = { photos: () => this.camera(add, tell, keys), voice: () => this.voice(add, tell), signature: () => this.sign(add, keys) };
    return h("div.attachments", null, this.older(question), shelf, ways[question.kind as keyof typeof ways](), said);
  }

  // --- pictures ---------------------------------------------------------------------------------------------------
  private camera(add: (file: Kept) => Promise<void>, tell: (text: string) => void, keys: string[]): HTMLElement {
    const choose = async (event: Event) => {
      const input = event.target as HTMLInputElement;
      for (const file of Array.from(input.files ?? [])) {
        if (keys.length >= MOST) {
          tell(filled(this.words.enough, { count: MOST }));
          break;
        }
        tell(this.words.compressing);
        try {
          const made = new Date();
          await add(await kept(await compressed(file), `${stamp(made)}-${keys.length + 1}.jpg`, this.where.now(), made));
          tell("");
        } catch {
          tell(this.words.noPicture);
        }
      }
      input.value = "";
    };
    const input = (attributes: object) => h("input.unseen", { type: "file", accept: "image/*", onchange: choose, ...attributes });
    return h(
      "div.ways",
      null,
      h("label.way", null, icon("camera"), this.words.takePhoto, input({ capture: "environment" })),
      h("label.way", null, this.words.choosePhoto, input({ multiple: true })),
    );
  }

  /** Pictures from before, side by side with the new ones. */
  private older(question: Question): HTMLElement | null {
    if (!question.before?.length) return null;
    const shelf = h("div.shelf", null);
    void Promise.all(question.before.map((pk) => this.store.picture(pk))).then((found) => {
      for (const each of found) if (each) shelf.append(h("figure.thumb", null, picture(new Blob([each.bytes], { type: each.type }), this.words.before)));
      if (!shelf.children.length) shelf.append(h("p.help", null, this.words.notCarried));
    });
    return h("div.before", null, h("p.help", null, this.words.before), shelf, h("p.help", null, this.words.after));
  }

  private fill(shelf: HTMLElement, question: Question, keys: string[], changed: () => void): void {
    shelf.querySelectorAll("img").forEach((image) => URL.revokeObjectURL(image.src));
    shelf.replaceChildren(...keys.map((key, index) => this.thumb(key, index, question, keys, changed)));
  }

  private thumb(key: string, index: number, question: Question, keys: string[], changed: () => void): HTMLElement {
    const remove = () => (keys.splice(keys.indexOf(key), 1), changed());
    const edit = async () => {
      const file = await this.store.file(key);
      const ground = file && new Blob([file.bytes], { type: file.type });
      const made = ground && (await draw(this.words, { ground, title: this.words.annotate, colour: "#e3171c", width: 9 }));
      if (!made || !file) return;
      const better = await kept(made, file.name, file.place, new Date(file.made_at));
      await this.store.keepFile(better);
      keys[keys.indexOf(key)] = better.key;
      changed();
    };
    const frame = h("figure.thumb", { "data-key": key });
    void this.store.file(key).then((file) => {
      if (!file) return frame.append(h("span.help", null, this.words.gone));
      const blob = new Blob([file.bytes], { type: file.type });
      frame.prepend(question.kind === "voice" ? sound(blob) : picture(blob, `${question.title} ${index + 1}`));
    });
    const drawing = question.kind === "photos" && h("button.small", { type: "button", onclick: () => void edit() }, icon("pen"), this.words.annotate);
    frame.append(h("figcaption", null, drawing, h("button.small", { type: "button", onclick: remove }, this.words.remove)));
    return frame;
  }

  // --- voice, signature, place --------------------------------------------------------------------------------------
  private voice(add: (file: Kept) => Promise<void>, tell: (text: string) => void): HTMLElement {
    let running: Recording | null = null;
    const words = h("span", null, this.words.speak);
    const toggle = async () => {
      if (running) return running.stop();
      try {
        running = await record();
      } catch {
        return tell(this.words.noMicrophone);
      }
      button.setAttribute("aria-pressed", "true");
      words.textContent = this.words.stop;
      tell(this.words.recording);
      const made = new Date(), blob = await running.done;
      running = null;
      button.setAttribute("aria-pressed", "false");
      words.textContent = this.words.speak;
      tell("");
      if (blob) await add(await kept(blob, `${stamp(made)}.${blob.type.includes("mp4") ? "m4a" : "webm"}`, this.where.now(), made));
    };
    const button = h("button.way", { type: "button", "aria-pressed": "false", onclick: () => void toggle() }, icon("voice"), words);
    return h("div.ways", null, button);
  }

  private sign(add: (file: Kept) => Promise<void>, keys: string[]): HTMLElement {
    const sign = async () => {
      const made = await draw(this.words, { ground: null, title: this.words.sign, colour: "#101418", width: 7 });
      if (!made) return;
      keys.length = 0; // one signature
      const at = new Date();
      await add(await kept(made, `${stamp(at)}-signature.jpg`, this.where.now(), at));
    };
    return h("div.ways", null, h("button.way", { type: "button", onclick: () => void sign() }, icon("pen"), this.words.sign));
  }

  private place(value: Place | undefined, give: Give): HTMLElement {
    const words = this.words;
    const said = h("p.said", { role: "status" });
    const show = (place: Place | null) => {
      const accuracy = place?.accuracy ? filled(words.accuracy, { metres: place.accuracy }) : "";
      said.textContent = place ? `${place.lon.toFixed(6)}, ${place.lat.toFixed(6)} ${accuracy}` : words.noPlaceYet;
    };
    const find = async () => {
      said.textContent = words.finding;
      try {
        const place = await this.where.find();
        give(place);
        show(place);
      } catch {
        said.textContent = words.noPlace;
      }
    };
    show(value ?? null);
    if (!value) this.where.first((place) => (give(place), show(place)));
    return h("div.attachments", null, h("div.ways", null, h("button.way", { type: "button", onclick: () => void find() }, icon("place"), words.here)), said);
  }
}

function picture(blob: Blob, alt: string): HTMLElement {
  return h("img", { src: URL.createObjectURL(blob), alt });
}

function sound(blob: Blob): HTMLElement {
  return h("audio", { controls: true, src: URL.createObjectURL(blob) });
}

