/**
 * What lies around what is selected, and which rescue is there first: a fragment of the server inside the panel. Its
 * buttons carry the address of the next question; what is to be drawn stands in `data-drawn`.
 */
import type { Feature } from "geojson";
import { feature } from "./asking";
import { get } from "./catalogue";
import { circle, type Place } from "./measure";

interface Drawn {
  circle: [number, number, number];
  line: Place[];
  from: Place | null;
}

export class Around {
  private asking: AbortController | null = null;
  private asked: { section: HTMLElement; address: string } | null = null;

  constructor(
    private readonly host: HTMLElement,
    private readonly failed: (reason: string) => string,
    private readonly draw: (features: Feature[], fit: boolean) => void,
  ) {
    host.addEventListener("click", (event) => {
      const button = (event.target as Element).closest<HTMLElement>("[data-around]");
      const section = button?.closest<HTMLElement>(".one-map-around");
      if (button && section) void this.load(section, button.dataset.around!, true);
    });
  }

  /** A panel was filled: what is to be told at once is asked for. */
  begin(): void {
    this.forget();
    const section = this.host.querySelector<HTMLElement>(".one-map-around[data-now]");
    const address = section?.querySelector<HTMLElement>("[data-around]")?.dataset.around;
    if (section && address) void this.load(section, address, true);
  }

  /** A road was closed or opened: the same question once more. */
  again(): void {
    if (this.asked?.section.isConnected) void this.load(this.asked.section, this.asked.address, false);
  }

  forget(): void {
    this.asking?.abort();
    this.asked = null;
    this.draw([], false);
  }

  private async load(section: HTMLElement, address: string, fit: boolean): Promise<void> {
    this.asking?.abort();
    this.asking = new AbortController();
    this.asked = { section, address };
    section.setAttribute("aria-busy", "true");
    try {
      section.innerHTML = await (await get(address, this.asking.signal)).text(); // made and escaped by our own server
      const drawn = section.querySelector<HTMLElement>("[data-drawn]")?.dataset.drawn;
      if (drawn) this.draw(features(JSON.parse(drawn) as Drawn), fit);
    } catch (problem) {
      if ((problem as Error).name === "AbortError") return;
      const line = document.createElement("p");
      line.setAttribute("role", "alert");
      line.textContent = this.failed((problem as Error).message);
      section.append(line);
    } finally {
      section.removeAttribute("aria-busy");
    }
  }
}

export function features(drawn: Drawn): Feature[] {
  const [lon, lat, reach] = drawn.circle;
  const found = [feature("Polygon", [circle([lon, lat], reach)], { reach: true })];
  if (drawn.line.length > 1) found.push(feature("LineString", drawn.line, { way: true }));
  if (drawn.line.length > 1 && drawn.from) found.push(feature("Point", drawn.from));
  return found;
}
