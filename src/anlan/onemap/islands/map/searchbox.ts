/** The search box: a combobox as ARIA describes it; arrows choose, Enter goes there, Escape clears. */
import { fill, get, type Words } from "./catalogue";
import { element } from "./side";

export interface Hit {
  layer: string;
  title: string;
  key: string;
  label: string;
  other: string;
  lon: number;
  lat: number;
}

const PAUSE = 160;

export class SearchBox {
  private hits: Hit[] = [];
  private chosen = -1;
  private timer = 0;
  private asking: AbortController | null = null;

  constructor(
    private readonly box: HTMLInputElement,
    private readonly list: HTMLElement,
    private readonly address: string,
    private readonly words: Words,
    private readonly go: (hit: Hit) => void,
  ) {
    box.addEventListener("input", () => {
      window.clearTimeout(this.timer);
      this.timer = window.setTimeout(() => void this.ask(), PAUSE);
    });
    box.addEventListener("keydown", (event) => this.key(event));
    box.addEventListener("focus", () => this.hits.length && this.show(true));
    list.addEventListener("pointerdown", (event) => {
      const index = Number((event.target as HTMLElement).closest<HTMLElement>("[data-index]")?.dataset.index ?? -1);
      if (this.hits[index]) {
        event.preventDefault();
        this.take(index);
      }
    });
    box.addEventListener("blur", () => this.show(false));
  }

  private async ask(): Promise<void> {
    this.asking?.abort();
    const text = this.box.value.trim();
    if (!text) return this.draw([], "");
    this.asking = new AbortController();
    try {
      const answer = await get(`${this.address}?q=${encodeURIComponent(text)}`, this.asking.signal);
      this.draw(((await answer.json()) as { results: Hit[] }).results, text);
    } catch (problem) {
      if ((problem as Error).name !== "AbortError") this.draw([], text);
    }
  }

  private draw(hits: Hit[], text: string): void {
    this.hits = hits;
    this.chosen = -1;
    const lines = hits.map((hit, index) => {
      const line = element("li", "one-map-hit");
      line.id = `${this.list.id}-${index}`;
      line.setAttribute("role", "option");
      line.dataset.index = String(index);
      const label = element("span", "one-map-hit-label");
      label.textContent = hit.label;
      const other = element("span", "text-secondary");
      other.textContent = [hit.other, hit.title].filter(Boolean).join(" · ");
      line.append(label, other);
      return line;
    });
    if (!hits.length && text) {
      const none = element("li", "one-map-hit text-secondary");
      none.setAttribute("role", "option");
      none.setAttribute("aria-disabled", "true");
      none.textContent = fill(this.words.noResults, { text });
      lines.push(none);
    }
    this.list.replaceChildren(...lines);
    this.show(lines.length > 0);
  }

  private show(open: boolean): void {
    this.list.hidden = !open;
    this.box.setAttribute("aria-expanded", String(open));
    if (!open) this.box.removeAttribute("aria-activedescendant");
  }

  private key(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.hits.length) {
      event.preventDefault();
      this.show(true);
      this.choose((this.chosen + step + this.hits.length) % this.hits.length);
    } else if (event.key === "Enter" && this.hits.length) {
      event.preventDefault();
      this.take(Math.max(0, this.chosen));
    } else if (event.key === "Escape") {
      this.box.value = "";
      this.draw([], "");
    }
  }

  private choose(index: number): void {
    this.chosen = index;
    [...this.list.children].forEach((line, number) => line.setAttribute("aria-selected", String(number === index)));
    const line = this.list.children[index];
    this.box.setAttribute("aria-activedescendant", line.id);
    line.scrollIntoView({ block: "nearest" });
  }

  private take(index: number): void {
    this.show(false);
    this.go(this.hits[index]);
  }
}
