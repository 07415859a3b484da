/**
 * The curve of one point with its limits:
 *
 *   <series-chart src="/points/7/history" unit="%" days="1" limit-h="85" limit-hh="90"
 *     title-none="No readings" title-failed="Try again later"> <button data-days="7">a week</button> </series-chart>
 *
 * The history comes as a column page (`ts` µs, `low`, `mean`, `high`), no more rows than the chart is wide. Instead of the
 * last `days` it can be from `start` to `end` (ms), and a `<select data-series>` inside chooses among several addresses.
 * `title-h` and the like call a line otherwise than H. `limit-before` and `limit-after` are always within the chart.
 */
import "./series.css";
import { LineChart } from "echarts/charts";
import { DataZoomComponent, GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use, type ECharts } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { unpack, type Page } from "@/columns/page";

use([LineChart, GridComponent, TooltipComponent, MarkLineComponent, DataZoomComponent, CanvasRenderer]);

const DAY = 86_400_000;
const LIMITS: Record<string, { color: string; type?: "solid" | "dashed" }> = {
  ll: { color: "#d63939" },
  l: { color: "#f5b301" },
  h: { color: "#f5b301" },
  hh: { color: "#d63939" },
  before: { color: "#7b8794", type: "dashed" },
  after: { color: "#d6336c", type: "solid" },
};
/** Lines that say what is compared, and where they are called so: the chart is made high enough for them. */
const COMPARED: Record<string, "insideStartTop" | "insideEndTop"> = { before: "insideStartTop", after: "insideEndTop" };

export interface Limit {
  yAxis: number;
  name: string;
  lineStyle: { color: string; type?: "solid" | "dashed" };
  label: { position: "end" | "insideStartTop" | "insideEndTop" };
  compared: boolean;
}

/** The lines an element asks for by `limit-<kind>`, each called by `title-<kind>` or by its kind. */
export function limits(element: Element): Limit[] {
  return Object.entries(LIMITS).flatMap(([kind, lineStyle]) => {
    const value = element.getAttribute(`limit-${kind}`);
    if (value === null) return [];
    const title = element.getAttribute(`title-${kind}`);
    const label = { position: COMPARED[kind] ?? (title === null ? "end" : "insideEndTop") } as const;
    return [{ yAxis: Number(value), name: title ?? kind.toUpperCase(), lineStyle, label, compared: kind in COMPARED }];
  });
}

export interface Curve {
  /** [ms, value] of the mean, and of the band between low and high as [ms, low] and [ms, high - low]. */
  mean: [number, number][];
  low: [number, number][];
  band: [number, number][];
}

/** The page's rows as the chart wants them. */
export function curve(page: Page): Curve {
  const of = (name: string) => page.columns.get(name)!.values;
  const [ts, low, mean, high] = [of("ts"), of("low"), of("mean"), of("high")];
  const rows = Array.from({ length: page.count }, (_, row) => row);
  const at = (row: number) => Number(ts[row]) / 1000;
  return {
    mean: rows.map((row) => [at(row), Number(mean[row])]),
    low: rows.map((row) => [at(row), Number(low[row])]),
    band: rows.map((row) => [at(row), Number(high[row]) - Number(low[row])]),
  };
}

class SeriesChart extends HTMLElement {
  private chart?: ECharts;
  private readonly place = document.createElement("div");
  private readonly words = document.createElement("p");
  private readonly size = new ResizeObserver(() => this.chart?.resize());

  connectedCallback(): void {
    if (this.chart) return;
    this.place.className = "series-chart-place";
    this.words.className = "text-secondary mb-0";
    this.words.setAttribute("role", "status");
    this.prepend(this.words, this.place);
    this.chart = init(this.place, document.documentElement.dataset.bsTheme === "dark" ? "dark" : undefined);
    this.size.observe(this.place);
    this.addEventListener("click", this.choose);
    this.addEventListener("change", this.pick);
    void this.load();
  }

  disconnectedCallback(): void {
    this.size.disconnect();
    this.removeEventListener("click", this.choose);
    this.removeEventListener("change", this.pick);
    this.chart?.dispose();
    this.chart = undefined;
  }

  private readonly choose = (event: Event): void => {
    const button = (event.target as HTMLElement).closest<HTMLButtonElement>("button[data-days]");
    if (!button) return;
    for (const other of this.querySelectorAll("button[data-days]")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
    this.setAttribute("days", button.dataset.days!);
    void this.load();
  };

  private readonly pick = (event: Event): void => {
    const select = (event.target as HTMLElement).closest<HTMLSelectElement>("select[data-series]");
    if (!select) return;
    this.setAttribute("src", select.value);
    void this.load();
  };

  /** From when to when, in ms. */
  private span(): [number, number] {
    const [start, end] = [this.getAttribute("start"), this.getAttribute("end")];
    if (start && end) return [Number(start), Number(end)];
    return [Date.now() - Number(this.getAttribute("days")) * DAY, Date.now()];
  }

  private async load(): Promise<void> {
    const [start, end] = this.span();
    const wide = Math.max(200, Math.round(this.place.clientWidth));
    const source = this.getAttribute("src");
    const address = `${source}?start=${start}&end=${end}&rows=${wide}`;
    try {
      const answer = await fetch(address, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = unpack(await answer.arrayBuffer());
      if (source !== this.getAttribute("src")) return; // another was chosen meanwhile
      this.words.textContent = page.count ? "" : this.getAttribute("title-none");
      this.draw(curve(page), start, end);
    } catch {
      this.words.textContent = this.getAttribute("title-failed");
    }
  }

  private draw(found: Curve, start: number, end: number): void {
    const unit = this.getAttribute("unit") ?? "";
    const lines = limits(this);
    // Points nobody sees at the heights of the compared lines: the axis then holds these, with even numbers.
    const heights = lines.filter((line) => line.compared).map((line) => [start, line.yAxis]);
    this.chart!.setOption(
      {
        backgroundColor: "transparent",
        animation: false,
        grid: { left: 52, right: 44, top: 16, bottom: 56 },
        tooltip: { trigger: "axis", valueFormatter: (value: unknown) => `${Number(value).toPrecision(4)} ${unit}` },
        xAxis: { type: "time", min: start, max: end },
        yAxis: { type: "value", scale: true, name: unit },
        dataZoom: [{ type: "inside" }, { type: "slider", height: 18, bottom: 8 }],
        series: [
          { type: "line", data: found.low, stack: "band", symbol: "none", lineStyle: { opacity: 0 }, silent: true, tooltip: { show: false } },
          { type: "line", data: found.band, stack: "band", symbol: "none", lineStyle: { opacity: 0 }, areaStyle: { opacity: 0.2 }, silent: true, tooltip: { show: false } },
          {
            type: "line",
            data: found.mean,
            symbol: "none",
            lineStyle: { width: 1.5 },
            markLine: { silent: true, symbol: "none", label: { formatter: "{b} {c}" }, data: lines },
          },
          { type: "line", data: heights, symbol: "none", lineStyle: { opacity: 0 }, silent: true, tooltip: { show: false } },
        ],
      },
      true,
    );
  }
}

if (!customElements.get("series-chart")) customElements.define("series-chart", SeriesChart);
