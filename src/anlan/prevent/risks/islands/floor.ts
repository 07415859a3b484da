/** Draws the zone of a risk point on the floor plan: by pointer, by touch, by keyboard. The server keeps it in WGS 84. */
type Corner = [number, number];
const SVG = "http://www.w3.org/2000/svg";
const STEP = 10;

function element(name: string, attributes: Record<string, string>): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

class Floor {
  private corners: Corner[] = [];
  private drawing = false;
  private aim: Corner;
  private readonly sketch = element("polygon", { class: "floor-sketch", points: "" });
  private readonly cross = element("path", { class: "floor-aim", d: "" });

  constructor(
    private readonly tools: HTMLFormElement,
    private readonly frame: HTMLElement,
    private readonly picture: SVGSVGElement,
  ) {
    this.aim = [Number(tools.dataset.width) / 2, Number(tools.dataset.height) / 2];
    picture.append(this.sketch, this.cross);
    tools.addEventListener("click", (event) => this.act((event.target as HTMLElement).closest("button")?.dataset.act));
    tools.addEventListener("submit", (event) => event.preventDefault());
    picture.addEventListener("click", (event) => this.click(event), true);
    frame.tabIndex = 0;
    frame.addEventListener("keydown", (event) => this.key(event));
  }

  private get say(): HTMLElement {
    return this.tools.querySelector<HTMLElement>("[data-say]")!;
  }

  private act(name: string | undefined): void {
    if (name === "start" && this.point) this.turn(true);
    else if (name === "start") this.tools.querySelector<HTMLElement>("select")!.focus();
    else if (name === "undo") this.corners.pop();
    else if (name === "stop") this.turn(false);
    else if (name === "save") void this.save(this.corners);
    else if (name === "clear" && this.point) void this.save([]);
    this.show();
  }

  private get point(): number {
    return Number(this.tools.querySelector("select")!.value);
  }

  private turn(on: boolean): void {
    this.drawing = on;
    this.corners = [];
    this.frame.classList.toggle("floor-drawing", on);
    for (const name of ["undo", "save", "stop"]) this.tools.querySelector<HTMLElement>(`[data-act=${name}]`)!.hidden = !on;
    if (on) this.frame.focus({ preventScroll: true });
    this.show();
  }

  private click(event: MouseEvent): void {
    if (!this.drawing) return;
    event.preventDefault();
    event.stopPropagation();
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.picture.getScreenCTM()!.inverse());
    this.aim = [at.x, at.y];
    this.corners.push(this.aim);
    this.show();
  }

  private key(event: KeyboardEvent): void {
    if (!this.drawing) return;
    const moves: Record<string, Corner> = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
    const move = moves[event.key];
    if (move) this.aim = [this.aim[0] + move[0], this.aim[1] + move[1]];
    else if (event.key === " ") this.corners.push([...this.aim]);
    else if (event.key === "Backspace") this.corners.pop();
    else if (event.key === "Escape") this.turn(false);
    else if (event.key === "Enter") void this.save(this.corners);
    else return;
    event.preventDefault();
    event.stopPropagation();
    this.show();
  }

  private show(): void {
    const [x, y] = this.aim;
    this.sketch.setAttribute("points", this.corners.map((corner) => corner.join(",")).join(" "));
    this.cross.setAttribute("d", this.drawing ? `M${x - 12} ${y}H${x + 12}M${x} ${y - 12}V${y + 12}` : "");
  }

  private async save(corners: Corner[]): Promise<void> {
    if (corners.length > 0 && corners.length < 3) {
      this.say.textContent = this.tools.dataset.tooFew!;
      return;
    }
    const token = document.querySelector("[hx-headers\\:inherited]")?.getAttribute("hx-headers:inherited") ?? "{}";
    try {
      const answer = await fetch(this.tools.dataset.floor!, {
        method: "POST",
        headers: { "Content-Type": "application/json", ...(JSON.parse(token) as Record<string, string>) },
        body: JSON.stringify({ point: this.point, corners }),
      });
      if (answer.ok) window.location.reload();
      else this.say.textContent = ((await answer.json()) as { error: string }).error;
    } catch {
      this.say.textContent = this.tools.dataset.failed!;
    }
  }
}

const tools = document.querySelector<HTMLFormElement>("form[data-floor]");
const frame = document.querySelector<HTMLElement>("[data-floor-frame]");
const picture = frame?.querySelector<SVGSVGElement>("svg");
if (tools && frame && picture) new Floor(tools, frame, picture);
