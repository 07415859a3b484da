/** The side: layers in groups with check boxes, the legend of each (colour + shape + word), filters, the base map. */
import { fill, type FilterInfo, type Words } from "./catalogue";
import { markElement } from "./shapes";
import type { Source } from "./source";
import type { Online } from "./style";

export interface SideEvents {
  toggle(source: Source, on: boolean): void;
  narrow(source: Source): void;
  base(name: string): void;
}

export class Side {
  private counts = new Map<string, HTMLElement>();
  private boxes = new Map<string, HTMLInputElement>();
  private details = new Map<string, HTMLDetailsElement>();

  constructor(
    private readonly host: HTMLElement,
    private readonly words: Words,
    private readonly events: SideEvents,
  ) {}

  draw(sources: Source[], bases: { name: string; title: string }[], base: string): void {
    const groups = new Map<string, Source[]>();
    for (const source of sources) groups.set(source.info.group, [...(groups.get(source.info.group) ?? []), source]);
    const parts = [...groups].map(([title, members]) => group(title, members.map((source) => this.layer(source))));
    if (bases.length > 1) parts.push(group(this.words.basemap ?? "", bases.map((each) => this.baseChoice(each, base))));
    this.host.replaceChildren(...parts);
  }

  private layer(source: Source): HTMLElement {
    const { info } = source;
    const line = element("div", "one-map-layer");
    const box = input("checkbox", `layer-${info.name}`);
    box.checked = source.on;
    box.addEventListener("change", () => this.events.toggle(source, box.checked));
    this.boxes.set(info.name, box);
    const label = labelled(box, info.title);
    if (info.marks.length === 1) label.prepend(markElement(info.marks[0].shape, info.marks[0].colour));
    const count = element("span", "one-map-count");
    this.counts.set(info.name, count);
    const head = element("div", "one-map-layer-head");
    head.append(box, label, count);
    line.append(head);
    if (info.marks.length > 1 || info.filters.length) line.append(this.more(source));
    this.update(source);
    return line;
  }

  private more(source: Source): HTMLElement {
    const details = element("details", "one-map-more") as HTMLDetailsElement;
    const summary = element("summary", "");
    summary.textContent = source.info.filters.length ? `${this.words.legend} · ${this.words.filters}` : this.words.legend;
    summary.setAttribute("aria-label", `${source.info.title}: ${summary.textContent}`);
    details.append(summary);
    details.open = source.on && source.info.count > 0 && source.info.marks.length <= 8;
    details.addEventListener("toggle", () => details.open && this.fillMore(source, details));
    if (details.open) this.fillMore(source, details);
    this.details.set(source.info.name, details);
    return details;
  }

  /** Legend and filters are drawn when they are opened: texts and ranges are known only once the rows are there. */
  private fillMore(source: Source, details: HTMLDetailsElement): void {
    const parts: HTMLElement[] = [];
    if (source.info.marks.length > 1) parts.push(this.legend(source));
    const symbolWords = new Set(source.info.marks.map((mark) => mark.word));
    for (const filter of source.info.filters) {
      if (filter.words?.every((word) => symbolWords.has(word))) continue; // the legend itself narrows by it
      parts.push(this.filter(source, filter));
    }
    details.replaceChildren(details.querySelector("summary")!, ...parts);
  }

  private legend(source: Source): HTMLElement {
    const list = element("ul", "one-map-legend");
    const counts = source.countsByMark();
    source.info.marks.forEach((mark, line) => {
      const other = line === source.info.marks.length - 1;
      if (counts && !counts[line] && (other || !source.isPlaced)) return; // nothing is drawn so
      const item = element("li", "");
      const box = input("checkbox", `mark-${source.info.name}-${line}`);
      box.checked = !source.narrowing.hidden.has(line);
      box.addEventListener("change", () => {
        if (box.checked) source.narrowing.hidden.delete(line);
        else source.narrowing.hidden.add(line);
        this.events.narrow(source);
      });
      const label = labelled(box, mark.word);
      label.prepend(markElement(mark.shape, mark.colour));
      const count = element("span", "one-map-count");
      if (counts) count.textContent = counts[line].toLocaleString();
      item.append(box, label, count);
      list.append(item);
    });
    return list;
  }

  private filter(source: Source, filter: FilterInfo): HTMLElement {
    const words = filter.words ?? source.rows?.values[filter.column] ?? null;
    const field = element("fieldset", "one-map-filter");
    const legend = element("legend", "");
    legend.textContent = filter.title;
    field.append(legend);
    if (words) field.append(...this.choices(source, filter, words));
    else field.append(...this.range(source, filter));
    return field;
  }

  private choices(source: Source, filter: FilterInfo, words: string[]): HTMLElement[] {
    const { chosen } = source.narrowing;
    const every = words.map((_, code) => code);
    return words.slice(0, 40).map((word, code) => {
      const item = element("div", "one-map-choice");
      const box = input("checkbox", `filter-${source.info.name}-${filter.column}-${code}`);
      box.checked = chosen.get(filter.column)?.has(code) ?? true;
      box.addEventListener("change", () => {
        const codes = new Set(chosen.get(filter.column) ?? every);
        if (box.checked) codes.add(code);
        else codes.delete(code);
        if (codes.size === words.length) chosen.delete(filter.column);
        else chosen.set(filter.column, codes);
        this.events.narrow(source);
      });
      item.append(box, labelled(box, word));
      return item;
    });
  }

  private range(source: Source, filter: FilterInfo): HTMLElement[] {
    const { ranges } = source.narrowing;
    const [low, high] = ranges.get(filter.column) ?? [-Infinity, Infinity];
    const ends = [this.words.from, this.words.to].map((word, end) => {
      const box = input("number", `range-${source.info.name}-${filter.column}-${end}`);
      box.className = "form-control form-control-sm";
      box.step = "any";
      box.setAttribute("aria-label", `${filter.title} ${word}`);
      box.placeholder = word;
      const given = end ? high : low;
      if (Number.isFinite(given)) box.value = String(given);
      return box;
    });
    const changed = () => {
      const [from, to] = ends.map((box) => (box.value === "" ? NaN : Number(box.value)));
      if (Number.isNaN(from) && Number.isNaN(to)) ranges.delete(filter.column);
      else ranges.set(filter.column, [Number.isNaN(from) ? -Infinity : from, Number.isNaN(to) ? Infinity : to]);
      this.events.narrow(source);
    };
    ends.forEach((box) => box.addEventListener("change", changed));
    const row = element("div", "one-map-range");
    row.append(...ends);
    return [row];
  }

  private baseChoice(each: { name: string; title: string }, base: string): HTMLElement {
    const item = element("div", "one-map-layer-head");
    const box = input("radio", `base-${each.name}`);
    box.name = "one-map-base";
    box.checked = each.name === base;
    box.addEventListener("change", () => this.events.base(each.name));
    item.append(box, labelled(box, each.title));
    return item;
  }

  /** After rows came, filters changed or a layer failed. */
  update(source: Source, state: "" | "loading" | "failed" = ""): void {
    const { info } = source;
    const count = this.counts.get(info.name);
    const box = this.boxes.get(info.name);
    if (!count || !box) return;
    box.checked = source.on;
    count.classList.toggle("text-danger", state === "failed");
    count.textContent = state === "loading" ? this.words.loading : state === "failed" ? "!" : this.countText(source);
    const details = this.details.get(info.name);
    if (details?.open && !details.contains(document.activeElement)) this.fillMore(source, details);
  }

  private countText(source: Source): string {
    const { count } = source.info;
    if (!source.on || !source.isNarrowed) return count.toLocaleString();
    return fill(this.words.shown, { shown: source.shownCount.toLocaleString(), count: count.toLocaleString() });
  }
}

export function basesOf(online: Online[], hasLocal: boolean, words: Words): { name: string; title: string }[] {
  const bases = online.map((each) => ({
    name: each.name,
    title: each.shifted ? fill(words.shifted, { title: each.title, datum: each.datum }) : each.title,
  }));
  if (hasLocal) bases.unshift({ name: "local", title: words.local });
  return [...bases, { name: "blank", title: words.blank }];
}

function group(title: string, parts: HTMLElement[]): HTMLElement {
  const field = element("fieldset", "one-map-group");
  const legend = element("legend", "");
  legend.textContent = title;
  field.append(legend, ...parts);
  return field;
}

export function element(tag: string, className: string): HTMLElement {
  const made = document.createElement(tag);
  if (className) made.className = className;
  return made;
}

function input(type: string, id: string): HTMLInputElement {
  const made = document.createElement("input");
  made.type = type;
  made.id = id;
  if (type !== "number") made.className = "form-check-input";
  return made;
}

function labelled(box: HTMLInputElement, text: string): HTMLLabelElement {
  const label = document.createElement("label");
  label.htmlFor = box.id;
  const words = element("span", "");
  words.textContent = text;
  label.append(words);
  return label;
}

