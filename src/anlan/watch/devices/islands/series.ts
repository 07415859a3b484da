/**
 * The curve of one point with its limits:
 *
 *   <series-chart src="/points/7/history" unit="%" days="1" limit-h="85" limit-hh="90"
 *     title-none="No readings" title-failed="Try again later"> <button data-days="7">a week</button> </series-chart>
 *
 * The history comes as a column page (`ts` µs, `low`, `mean`, `high`), no more rows than the chart is wide.
 */
import "./series.css";
import { LineChart } from "echarts/charts";
import { DataZoomComponent, GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use, type ECharts } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { unpack, type Page } from "@/columns/page";

use([LineChart, GridComponent, TooltipComponent, MarkLineComponent, DataZoomComponent, CanvasRenderer]);

const DAY = 86_400_000;
const LIMITS: Record<string, string> = { ll: "#d63939", l: "#f5b301", h: "#f5b301", hh: "#d63939" };

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
    void this.load();
  }

  disconnectedCallback(): void {
    this.size.disconnect();
    this.removeEventListener("click", this.choose);
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

  private async load(): Promise<void> {
    const end = Date.now();
    const start = end - Number(this.getAttribute("days")) * DAY;
    const wide = Math.max(200, Math.round(this.place.clientWidth));
    const address = `${this.getAttribute("src")}?start=${start}&end=${end}&rows=${wide}`;
    try {
      const answer = await fetch(address, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = unpack(await answer.arrayBuffer());
      this.words.textContent = page.count ? "" : this.getAttribute("title-none");
      this.draw(curve(page), start, end);
    } catch {
      this.words.textContent = this.getAttribute("title-failed");
    }
  }

  private draw(found: Curve, start: number, end: number): void {
    const unit = this.getAttribute("unit") ?? "";
    const limits = Object.entries(LIMITS).flatMap(([kind, colour]) => {
      const value = this.getAttribute(`limit-${kind}`);
      return value === null ? [] : [{ yAxis: Number(value), name: kind.toUpperCase(), lineStyle: { color: colour } }];
    });
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
            markLine: { silent: true, symbol: "none", label: { formatter: "{b} {c}" }, data: limits },
          },
        ],
      },
      true,
    );
  }
}

if (!customElements.get("series-chart")) customElements.define("series-chart", SeriesChart);
