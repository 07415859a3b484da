/**
 * The trend of one measure: `<trend-chart data-for="trend-data">` draws what the JSON element of that id holds.
 * The same figures stand in the table beside it; the drawing is hidden from screen readers.
 */
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use, type ECharts } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import "./measures.css";

use([BarChart, LineChart, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, CanvasRenderer]);

export interface Trend {
  title: string;
  unit: string;
  decimals: number;
  labels: string[];
  values: (number | null)[];
  /** Where the target's line stands in each period. */
  paths: (number | null)[];
  /** Labels of the periods from which figures were counted differently. */
  breaks: string[];
  words: { value: string; path: string; break: string };
}

/** What ECharts is to draw. */
export function drawing(trend: Trend): Record<string, unknown> {
  const shown = (value: unknown) => (value == null ? "–" : `${Number(value).toFixed(trend.decimals)} ${trend.unit}`);
  const marks = trend.breaks.map((label) => ({ xAxis: label, label: { formatter: trend.words.break } }));
  const path = {
    type: "line",
    name: trend.words.path,
    data: trend.paths,
    symbol: "diamond",
    lineStyle: { type: "dashed", width: 1.5 },
    color: "#f76707",
  };
  return {
    backgroundColor: "transparent",
    animation: false,
    grid: { left: 64, right: 24, top: 40, bottom: 32 },
    legend: { top: 4 },
    tooltip: { trigger: "axis", valueFormatter: shown },
    xAxis: { type: "category", data: trend.labels },
    yAxis: { type: "value", name: trend.unit },
    series: [
      {
        type: "bar",
        name: trend.words.value,
        data: trend.values,
        barMaxWidth: 36,
        color: "#2f7ed8",
        markLine: { silent: true, symbol: "none", data: marks },
      },
      ...(trend.paths.some((value) => value !== null) ? [path] : []),
    ],
  };
}

class TrendChart extends HTMLElement {
  private chart?: ECharts;
  private readonly size = new ResizeObserver(() => this.chart?.resize());

  connectedCallback(): void {
    const held = document.getElementById(this.dataset.for ?? "");
    if (this.chart || !held) return;
    const trend = JSON.parse(held.textContent ?? "null") as Trend;
    if (!trend.values.some((value) => value !== null)) return;
    const place = document.createElement("div");
    place.className = "trend-place";
    place.setAttribute("aria-hidden", "true");
    this.append(place);
    this.chart = init(place, document.documentElement.dataset.bsTheme === "dark" ? "dark" : undefined);
    this.chart.setOption(drawing(trend));
    this.size.observe(place);
  }

  disconnectedCallback(): void {
    this.size.disconnect();
    this.chart?.dispose();
    this.chart = undefined;
  }
}

if (!customElements.get("trend-chart")) customElements.define("trend-chart", TrendChart);
