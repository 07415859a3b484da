/**
 * The desk's sound: another one for each level, once for each new group, and again and again only for the two most
 * serious until somebody has seen them. A mute ends by itself. Made by the browser; no file is fetched.
 *
 *     <alarm-sound data-url="/alarms/sounds/" data-on="…" data-off="…" data-mute="…" data-muted="… %s …">
 *
 * Browsers play nothing before the person has pressed something: the sound is off until its button is pressed.
 */
import "./sound.css";

export interface Calls {
  waiting: Record<string, number>;
  groups: string[];
  repeats: number;
  mute: number;
}

/** Notes of each level: pitch in Hz, length and pause in seconds, how often. Higher, faster and longer is more serious. */
export const NOTES: Record<number, { pitch: number; length: number; pause: number; times: number; wave: OscillatorType }> = {
  1: { pitch: 960, length: 0.14, pause: 0.06, times: 6, wave: "square" },
  2: { pitch: 720, length: 0.22, pause: 0.12, times: 3, wave: "square" },
  3: { pitch: 520, length: 0.3, pause: 0.2, times: 2, wave: "triangle" },
  4: { pitch: 400, length: 0.35, pause: 0, times: 1, wave: "sine" },
};
const AGAIN = 15_000;
const OFTEN = 5_000;

/** Which level sounds now, 0 for none: the most serious of the new groups, else what still waits and is serious enough. */
export function sounding(calls: Calls, heard: ReadonlySet<string>, again: boolean): number {
  const fresh = calls.groups.filter((group) => !heard.has(group)).map((group) => Number(group.split("|")[0]));
  const waiting = again ? Object.keys(calls.waiting).map(Number).filter((level) => level <= calls.repeats) : [];
  const found = [...fresh, ...waiting].filter((level) => level in NOTES);
  return found.length ? Math.min(...found) : 0;
}

export class AlarmSound extends HTMLElement {
  private heard = new Set<string>();
  private context?: AudioContext;
  private last = 0;
  private timer?: ReturnType<typeof setInterval>;
  private readonly hear = (event: Event) => (event as CustomEvent<{ room: string }>).detail.room === "alarms" && void this.ask();

  connectedCallback(): void {
    this.replaceChildren(this.button("power", () => this.toggle()), this.button("mute", () => this.mute()));
    document.addEventListener("anlan:change", this.hear);
    this.timer = setInterval(() => void this.ask(), OFTEN);
    this.show();
  }

  disconnectedCallback(): void {
    document.removeEventListener("anlan:change", this.hear);
    clearInterval(this.timer);
    void this.context?.close();
  }

  private button(name: string, press: () => void): HTMLButtonElement {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-sm";
    made.dataset.part = name;
    made.addEventListener("click", press);
    return made;
  }

  private pressed(name: string): HTMLButtonElement {
    return this.querySelector<HTMLButtonElement>(`[data-part=${name}]`)!;
  }

  private get until(): number {
    return Number(sessionStorage.getItem("alarms-muted") ?? 0);
  }

  private show(): void {
    const on = Boolean(this.context);
    const left = Math.ceil((this.until - Date.now()) / 60_000);
    this.pressed("power").textContent = on ? this.dataset.off! : this.dataset.on!;
    this.pressed("power").setAttribute("aria-pressed", String(on));
    this.pressed("mute").hidden = !on;
    this.pressed("mute").textContent = left > 0 ? this.dataset.muted!.replace("%s", `${left} min`) : this.dataset.mute!;
    this.pressed("mute").setAttribute("aria-pressed", String(left > 0));
  }

  private toggle(): void {
    if (this.context) {
      void this.context.close();
      this.context = undefined;
    } else {
      this.context = new AudioContext();
      this.play(4);
      void this.ask();
    }
    this.show();
  }

  private minutes = 5;

  private mute(): void {
    const now = Date.now();
    sessionStorage.setItem("alarms-muted", String(this.until > now ? 0 : now + this.minutes * 60_000));
    this.show();
  }

  private async ask(): Promise<void> {
    if (!this.context) return;
    const answer = await fetch(this.dataset.url!, { headers: { Accept: "application/json" } }).catch(() => undefined);
    if (!answer?.ok) return;
    const calls = (await answer.json()) as Calls;
    this.minutes = calls.mute;
    this.show();
    const now = Date.now();
    const level = sounding(calls, this.heard, now - this.last >= AGAIN);
    this.heard = new Set(calls.groups);
    if (!level || this.until > now) return;
    this.last = now;
    this.play(level);
  }

  private play(level: number): void {
    const context = this.context;
    if (!context) return;
    const { pitch, length, pause, times, wave } = NOTES[level];
    const loudness = context.createGain();
    loudness.gain.value = 0.08;
    loudness.connect(context.destination);
    for (let time = 0; time < times; time += 1) {
      const note = context.createOscillator();
      note.type = wave;
      note.frequency.value = pitch;
      note.connect(loudness);
      note.start(context.currentTime + time * (length + pause));
      note.stop(context.currentTime + time * (length + pause) + length);
    }
  }
}

if (!customElements.get("alarm-sound")) customElements.define("alarm-sound", AlarmSound);
