/**
 * What a camera sees, asked again every so many seconds, with its zones drawn on it:
 *
 *   <camera-view src="/cameras/7/now.jpg" every="2" save="/cameras/7/zone/" title-…="…">
 *     <script type="application/json">[{"title": "Intrusion", "corners": [[0.1, 0.2], …]}]</script>
 *   </camera-view>
 *
 * With `save` a zone is drawn by clicking its corners, with the mouse, a finger, or Enter at the picture's middle.
 */
import "./live.css";

export type Corner = [number, number];

const SVG = "http://www.w3.org/2000/svg";

/** Corners as the `points` of an SVG shape in a box of 1000 by 1000. */
export function points(corners: readonly Corner[]): string {
  return corners.map(([x, y]) => `${Math.round(x * 1000)},${Math.round(y * 1000)}`).join(" ");
}

/** Where in the picture a click fell, as fractions, four digits. */
export function corner(x: number, y: number, box: { left: number; top: number; width: number; height: number }): Corner {
  const part = (at: number, from: number, size: number) =>
    Math.round(Math.min(1, Math.max(0, (at - from) / size)) * 10_000) / 10_000;
  return [part(x, box.left, box.width), part(y, box.top, box.height)];
}

class CameraView extends HTMLElement {
  private readonly frame = document.createElement("div");
  private readonly picture = document.createElement("img");
  private readonly lines = document.createElementNS(SVG, "svg");
  private readonly words = document.createElement("p");
  private readonly tools = document.createElement("div");
  private zones: Corner[][] = [];
  private drawn: Corner[] | undefined;
  private timer = 0;
  private address = "";

  connectedCallback(): void {
    if (this.picture.isConnected) return;
    const given = this.querySelector("script");
    const zones: { corners: Corner[] }[] = given ? JSON.parse(given.textContent ?? "[]") : [];
    this.zones = zones.map((zone) => zone.corners).filter((corners) => corners.length);
    this.frame.className = "camera-view-frame";
    this.words.className = "camera-view-words text-secondary";
    this.words.setAttribute("role", "status");
    this.tools.className = "camera-view-tools";
    this.picture.alt = this.getAttribute("title-alt") ?? "";
    this.picture.hidden = true;
    this.lines.setAttribute("viewBox", "0 0 1000 1000");
    this.lines.setAttribute("preserveAspectRatio", "none");
    this.frame.append(this.picture, this.lines);
    this.append(this.frame, this.words, this.tools);
    this.lines.addEventListener("click", this.add);
    this.draw();
    this.offer();
    void this.refresh();
  }

  disconnectedCallback(): void {
    window.clearTimeout(this.timer);
    URL.revokeObjectURL(this.address);
  }

  /** One request after the other: a slow line shows fewer pictures and never piles them up. */
  private async refresh(): Promise<void> {
    if (document.visibilityState === "visible") await this.load();
    if (this.isConnected) this.timer = window.setTimeout(() => void this.refresh(), Number(this.getAttribute("every") ?? 2) * 1000);
  }

  private async load(): Promise<void> {
    try {
      const answer = await fetch(this.getAttribute("src")!);
      if (!answer.ok) {
        this.picture.classList.toggle("opacity-50", true);
        this.say(answer.status === 503 ? await answer.text() : this.title_("stale"));
        return;
      }
      const before = this.address;
      this.address = URL.createObjectURL(await answer.blob());
      this.picture.src = this.address;
      this.picture.hidden = false;
      this.picture.classList.remove("opacity-50");
      URL.revokeObjectURL(before);
      if (!this.drawn) this.say("");
    } catch {
      this.picture.classList.add("opacity-50");
      this.say(this.title_("stale"));
    }
  }

  private offer(): void {
    this.tools.replaceChildren();
    if (!this.hasAttribute("save")) return;
    if (!this.drawn) {
      this.tools.append(this.button("draw", () => this.begin()));
      return;
    }
    this.tools.append(
      this.button("save", () => void this.save(this.drawn!), this.drawn.length < 3),
      this.button("undo", () => this.undo(), !this.drawn.length),
      this.button("clear", () => void this.save([])),
      this.button("cancel", () => this.end()),
    );
  }

  private button(name: string, act: () => void, disabled = false): HTMLButtonElement {
    const made = document.createElement("button");
    made.type = "button";
    made.className = name === "save" ? "btn btn-primary" : "btn";
    made.textContent = this.title_(name);
    made.disabled = disabled;
    made.addEventListener("click", act);
    return made;
  }

  private begin(): void {
    this.drawn = [];
    this.classList.add("drawing");
    this.say(this.title_("hint"));
    this.draw();
    this.offer();
  }

  private undo(): void {
    this.drawn!.pop();
    this.draw();
    this.offer();
  }

  private end(): void {
    this.drawn = undefined;
    this.classList.remove("drawing");
    this.say("");
    this.draw();
    this.offer();
  }

  private readonly add = (event: MouseEvent): void => {
    if (!this.drawn) return;
    this.drawn.push(corner(event.clientX, event.clientY, this.lines.getBoundingClientRect()));
    this.draw();
    this.offer();
  };

  private async save(corners: Corner[]): Promise<void> {
    const token = document.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "";
    const body = new URLSearchParams({ corners: JSON.stringify(corners) });
    const answer = await fetch(this.getAttribute("save")!, { method: "POST", headers: { "X-CSRFToken": token }, body });
    if (!answer.ok) {
      const said = await answer.json().catch(() => ({ error: this.title_("stale") }));
      this.say(said.error);
      return;
    }
    this.zones = corners.length ? [corners] : [];
    this.end();
    this.say(this.title_("saved"));
  }

  private draw(): void {
    this.lines.replaceChildren();
    for (const corners of this.drawn ? [this.drawn] : this.zones) {
      const shape = document.createElementNS(SVG, this.drawn && corners.length < 3 ? "polyline" : "polygon");
      shape.setAttribute("points", points(corners));
      this.lines.append(shape);
    }
  }

  private say(words: string): void {
    if (this.words.textContent !== words) this.words.textContent = words;
  }

  private title_(name: string): string {
    return this.getAttribute(`title-${name}`) ?? "";
  }
}

customElements.define("camera-view", CameraView);
