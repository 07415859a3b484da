/** A form: one question a row, three large targets, the detail only after "not". Each answer is on the disk before the next
 *  can be given; rows out of sight cost nothing, so 200 questions open and answer like ten. */
import { answered, lacking } from "./checking";
import { Attachments } from "./attachments";
import { h, icon } from "./elements";
import { picker } from "./picking";
import type { Answers, Carried, Draft, Question, Words } from "./shapes";
import { filled } from "./words";

export type Surroundings = { words: Words; save: (draft: Draft) => Promise<void>; handIn: (draft: Draft) => Promise<void>; attachments: Attachments; items: (bundle: string) => Promise<Carried[]> };
const VERDICTS = [["ok", "yes"], ["not", "no"], ["na", "none"]] as const;

export class FormScreen {
  readonly element: HTMLElement;
  private rows: HTMLElement;
  private progress = h("span.progress", { "aria-live": "polite" });
  private stored = h("span.stored", { role: "status" });
  private button: HTMLButtonElement;
  private writing: Promise<void> | null = null;
  private again = false;

  constructor(private draft: Draft, private around: Surroundings) {
    const { words } = around;
    this.rows = h("div.rows", { onclick: (event: Event) => this.clicked(event), oninput: (event: Event) => this.typed(event) });
    let group = "";
    for (const question of draft.form.questions) {
      if (question.group && question.group !== group) this.rows.append(h("h2.group", null, (group = question.group)));
      this.rows.append(this.row(question, ""));
    }
    const next = h("button.plain", { type: "button", onclick: () => this.next() }, words.nextOpen);
    this.button = h<HTMLButtonElement>("button.main.hand-in", { type: "button", onclick: () => void this.handIn() }, words.handIn);
    const about = draft.form.about ? h("p.about", null, draft.form.about) : null;
    const bar = h("div.bottom", null, h("div.bottom-words", null, this.progress, this.stored), next, this.button);
    this.element = h("div.form", null, about, this.rows, bar);
    this.count();
  }

  // --- rows -------------------------------------------------------------------------------------------------------
  private row(question: Question, parent: string): HTMLElement {
    const { words } = this.around;
    const title = h("div.question", null, question.title, question.required && h("b.must", { title: words.required }, " *"));
    const notes = [question.help && h("p.help", null, question.help), question.clause && h("p.clause", null, question.clause)];
    const row = h("section.row", { "data-name": question.name, "data-parent": parent || null, "data-kind": question.kind }, title, notes);
    row.append(this.control(question, parent));
    if (question.kind === "verdict" && this.draft.answers[question.name] === "not") this.open(row, question);
    return row;
  }

  private control(question: Question, parent: string): HTMLElement {
    const { words } = this.around, value = this.answers(parent)[question.name];
    const label = { "aria-label": question.title };
    switch (question.kind) {
      case "verdict": {
        const target = ([code, shape]: readonly [string, string]) =>
          h("button.verdict", { type: "button", "data-verdict": code, "aria-pressed": String(value === code) }, icon(shape), words[code]);
        return h("div.verdicts", { role: "group", ...label }, VERDICTS.map(target));
      }
      case "choice":
      case "choices": {
        const chosen = (code: string) => (Array.isArray(value) ? value.includes(code) : value === code);
        const one = ({ value: code, title }: { value: string; title: string }) =>
          h("button.choice", { type: "button", "data-choice": code, "aria-pressed": String(chosen(code)) }, title);
        return h("div.choices", { role: "group", ...label }, (question.choices ?? []).map(one));
      }
      case "long":
        return this.held(h<HTMLTextAreaElement>("textarea", { rows: 3, "data-field": true, ...label }), value);
      case "number": {
        const input = this.held(h<HTMLInputElement>("input", { type: "text", inputmode: "decimal", "data-field": true, ...label }), value);
        const limits = [question.least, question.most].every((limit) => limit === undefined) ? "" : `${question.least ?? ""} – ${question.most ?? ""}`;
        return h("div.number", null, input, h("span.unit", null, [question.unit, limits].filter(Boolean).join("  ")));
      }
      case "date":
        return this.held(h<HTMLInputElement>("input", { type: "date", "data-field": true, ...label }), value);
      case "pick":
        return picker(this.around.words, question, value, this.around.items, (answer) => this.change(question.name, parent, answer));
      case "place":
      case "photos":
      case "voice":
      case "signature":
        return this.around.attachments.control(this.withBefore(question), value, (answer) => this.change(question.name, parent, answer));
      default:
        return this.held(h<HTMLInputElement>("input", { type: "text", "data-field": true, ...label }), value);
    }
  }

  private withBefore(question: Question): Question {
    const before = question.before ?? (this.draft.fixed.before as number[] | undefined);
    return question.kind === "photos" && before ? { ...question, before } : question;
  }

  private held<T extends HTMLInputElement | HTMLTextAreaElement>(input: T, value: unknown): T {
    if (value !== undefined && value !== null) input.value = String(value);
    return input;
  }

  private open(row: HTMLElement, question: Question): void {
    if (!question.detail?.length || row.querySelector(":scope > .detail")) return;
    this.draft.details[question.name] ??= Object.fromEntries(
      question.detail.filter((each) => each.value !== undefined).map((each) => [each.name, each.value]),
    );
    row.append(h("div.detail", null, question.detail.map((each) => this.row(each, question.name))));
  }

  // --- answers ----------------------------------------------------------------------------------------------------
  private answers(parent: string): Answers {
    return parent ? (this.draft.details[parent] ??= {}) : this.draft.answers;
  }

  private clicked(event: Event): void {
    const target = (event.target as Element).closest<HTMLElement>("[data-verdict], [data-choice]");
    const row = target?.closest<HTMLElement>(".row");
    if (!target || !row) return;
    const { name = "", parent = "" } = row.dataset;
    const code = target.dataset.verdict ?? target.dataset.choice!;
    const pressed = target.getAttribute("aria-pressed") === "true";
    const many = row.dataset.kind === "choices";
    if (!many) for (const other of target.parentElement!.children) other.setAttribute("aria-pressed", "false");
    target.setAttribute("aria-pressed", String(!pressed));
    const before = (this.answers(parent)[name] as string[] | undefined) ?? [];
    this.change(name, parent, many ? (pressed ? before.filter((each) => each !== code) : [...before, code]) : pressed ? null : code);
    if (row.dataset.kind === "verdict") this.unfold(row, !pressed && code === "not");
  }

  private unfold(row: HTMLElement, open: boolean): void {
    const detail = row.querySelector(":scope > .detail");
    if (!open) return detail?.remove();
    this.open(row, this.draft.form.questions.find((question) => question.name === row.dataset.name)!);
  }

  private typed(event: Event): void {
    const input = event.target as HTMLInputElement;
    const row = input.closest<HTMLElement>(".row");
    if (!row || !("field" in input.dataset)) return;
    const text = input.value.trim();
    const value = row.dataset.kind === "number" && text ? Number(text.replace(",", ".").replace("。", ".")) : text;
    const wrong = typeof value === "number" && Number.isNaN(value);
    input.setAttribute("aria-invalid", String(wrong));
    this.change(row.dataset.name!, row.dataset.parent ?? "", wrong ? text : value);
  }

  private change(name: string, parent: string, value: unknown): void {
    const answers = this.answers(parent);
    if (value === null || value === "") delete answers[name];
    else answers[name] = value;
    this.rows.querySelector(`.row.lacking[data-name="${CSS.escape(name)}"]`)?.classList.remove("lacking");
    this.draft.changed_at = new Date().toISOString();
    void this.store();
    this.count();
  }

  /** One write at a time, the newest state last: what was typed while one was under way goes with the next. */
  private store(): Promise<void> {
    if (this.writing) {
      this.again = true;
      return this.writing;
    }
    this.stored.textContent = "";
    this.writing = this.around
      .save(this.draft)
      .then(
        () => void (this.stored.textContent = this.around.words.stored),
        (error: Error) => void (this.stored.textContent = filled(this.around.words.notStored, { reason: error.message })),
      )
      .then(() => {
        this.writing = null;
        if (!this.again) return;
        this.again = false;
        return this.store();
      });
    return this.writing;
  }

  // --- finishing --------------------------------------------------------------------------------------------------
  private count(): void {
    const { length } = this.draft.form.questions;
    this.progress.textContent = `${answered(this.draft)} / ${length}`;
  }

  private next(): void {
    const open = this.draft.form.questions.find((question) => this.draft.answers[question.name] === undefined);
    if (open) this.show(this.rowOf(open.name));
    else this.button.focus();
  }

  private rowOf(path: string): HTMLElement | null {
    const [name, inner] = path.split(".", 2).map((each) => CSS.escape(each));
    const row = this.rows.querySelector<HTMLElement>(`.row[data-name="${name}"]:not([data-parent])`);
    return inner ? (row?.querySelector<HTMLElement>(`.row[data-name="${inner}"]`) ?? row) : row;
  }

  private show(row: HTMLElement | null): void {
    row?.scrollIntoView({ block: "center" });
    row?.querySelector<HTMLElement>("button, input, textarea")?.focus({ preventScroll: true });
  }

  private async handIn(): Promise<void> {
    const { words } = this.around, open = lacking(this.draft);
    this.rows.querySelectorAll(".lacking").forEach((row) => row.classList.remove("lacking"));
    if (open.length) {
      for (const path of open) this.rowOf(path)?.classList.add("lacking");
      this.stored.textContent = filled(words.lacking, { count: open.length });
      return this.show(this.rowOf(open[0]));
    }
    this.button.disabled = true; // one tap, one sending
    try {
      await this.store();
      await this.around.handIn(this.draft);
    } catch (error) {
      this.button.disabled = false;
      this.stored.textContent = filled(words.notStored, { reason: (error as Error).message });
    }
  }
}
