/** The points of a facility: value, state, place on the bar, age. Only what is newer is sent. */
import { type State, stateOf } from "./states";

interface Answer {
  answered: boolean;
  values: [point: number, value: number, at: number, quality: number][];
  alarms: Record<string, number>;
}

const EVERY = 5000;

class FacilityBoard extends HTMLElement {
  private newest = 0;
  private under = false;
  private timers: ReturnType<typeof setInterval>[] = [];
  private readonly gauges = new Map<string, HTMLElement>();

  connectedCallback(): void {
    this.newest = Number(this.dataset.newest);
    for (const gauge of this.querySelectorAll<HTMLElement>("[data-point]")) this.gauges.set(gauge.dataset.point!, gauge);
    this.timers = [setInterval(() => void this.ask(), EVERY), setInterval(() => this.show(), 1000)];
    document.addEventListener("anlan:change", this.hear);
    this.show();
  }

  disconnectedCallback(): void {
    this.timers.forEach(clearInterval);
    document.removeEventListener("anlan:change", this.hear);
  }

  private readonly hear = (event: Event): void => {
    if (["alarms", "*"].includes((event as CustomEvent).detail.room)) void this.ask();
  };

  private async ask(): Promise<void> {
    if (this.under || document.hidden) return;
    this.under = true;
    try {
      const answer = await fetch(`${this.dataset.values}?since=${this.newest}`, { credentials: "same-origin", redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      this.take((await answer.json()) as Answer);
    } catch {
      this.lost(true);
    } finally {
      this.under = false;
    }
  }

  private take(answer: Answer): void {
    this.lost(!answer.answered);
    for (const [point, value, at, quality] of answer.values) {
      const gauge = this.gauges.get(String(point));
      if (!gauge) continue;
      Object.assign(gauge.dataset, { value: String(value), at: String(at), quality: String(quality) });
      gauge.querySelector("[data-number]")!.textContent = String(Number(value.toFixed(2)));
      this.newest = Math.max(this.newest, at);
    }
    for (const [point, gauge] of this.gauges) gauge.dataset.level = String(answer.alarms[point] ?? "");
    this.show();
  }

  private lost(lost: boolean): void {
    const note = this.querySelector<HTMLElement>("[data-lost]");
    if (note) note.hidden = !lost;
  }

  private show(): void {
    const now = Date.now();
    for (const gauge of this.gauges.values()) {
      const state = stateOf(gauge.dataset, now);
      gauge.classList.toggle("gauge-stale", state.stale);
      gauge.dataset.shown = state.level ? String(state.level) : state.word;
      gauge.querySelector("[data-state]")!.textContent = this.word(state);
      gauge.querySelector("[data-age-of]")!.textContent = state.age === undefined ? this.dataset.never! : this.age(state.age);
      const mark = gauge.querySelector("[data-mark]");
      if (mark && state.place !== undefined) mark.setAttribute("x", String(state.place - 0.8));
    }
  }

  private word(state: State): string {
    const level = state.level ? this.dataset.levels!.split(",")[state.level - 1] : "";
    const said = { none: "", stale: this.dataset.stale!, doubt: this.dataset.doubt!, normal: this.dataset.normal! }[state.word];
    return level && state.word !== "normal" ? `${level} · ${said}` : level || said;
  }

  private age(seconds: number): string {
    if (seconds < 90) return this.dataset.seconds!.replace("%s", String(seconds));
    if (seconds < 5400) return this.dataset.minutes!.replace("%s", String(Math.round(seconds / 60)));
    return this.dataset.hours!.replace("%s", String(Math.round(seconds / 3600)));
  }
}

if (!customElements.get("facility-board")) customElements.define("facility-board", FacilityBoard);
