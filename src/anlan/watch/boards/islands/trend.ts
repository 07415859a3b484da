/**
 * The past of one point or of several, with limits as lines, alarms as stretches and warnings as flags:
 *
 *   <point-trend data-points="7,8" data-series="/boards/series" data-marks="/boards/marks" data-days="7"> … </point-trend>
 *
 * The rows come as a column page, no more a point than the chart is wide. Zooming asks for the window again.
 */
import "./boards.css";
import { LineChart } from "echarts/charts";
import { DataZoomComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use, type ECharts } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { unpack, type Page } from "@/columns/page";

use([LineChart, GridComponent, TooltipComponent, LegendComponent, MarkLineComponent, MarkAreaComponent, DataZoomComponent, CanvasRenderer]);

const DAY = 86_400_000;
const CURVES = ["#206bc4", "#d6336c", "#2fb344", "#ae3ec9", "#f76707", "#0ca678"];
const LEVEL = ["", "#d63939", "#f76707", "#f5b301", "#4299e1"];

interface Mark {
  title: string;
  level: number;
  from: number;
  to: number | null;
  url: string;
  point?: number;
}

export interface Marks {
  limits: { point: number; kind: string; title: string; limit: number; level: number }[];
  alarms: Mark[];
  cases: Mark[];
}

export interface Curve {
  id: number;
  title: string;
  unit: string;
  mean: [number, number][];
  low: [number, number][];
  band: [number, number][];
}

/** The page's rows, told apart by their point. */
export function curves(page: Page): Curve[] {
  const of = (name: string) => page.columns.get(name)!.values;
  const [point, ts, low, mean, high] = [of("point"), of("ts"), of("low"), of("mean"), of("high")];
  const named = page.meta.points as { id: number; title: string; unit: string }[];
  const found = new Map(named.map((one) => [one.id, { ...one, mean: [], low: [], band: [] } as Curve]));
  for (let row = 0; row < page.count; row++) {
    const curve = found.get(Number(point[row]));
    if (!curve) continue;
    const at = Number(ts[row]) / 1000;
    curve.mean.push([at, Number(mean[row])]);
    curve.low.push([at, Number(low[row])]);
    curve.band.push([at, Number(high[row]) - Number(low[row])]);
  }
  return [...found.values()];
}

/** Units in the order of their first curve: one axis each, the first left, the others right. */
export function units(found: Curve[]): string[] {
  return [...new Set(found.map((curve) => curve.unit))];
}

class PointTrend extends HTMLElement {
  private chart?: ECharts;
  private asked = 0;
  private readonly size = new ResizeObserver(() => this.chart?.resize());

  connectedCallback(): void {
    if (this.chart) return;
    const place = this.querySelector<HTMLElement>("[data-place]")!;
    this.chart = init(place, document.documentElement.dataset.bsTheme === "dark" ? "dark" : undefined);
    this.size.observe(place);
    this.addEventListener("click", this.choose);
    document.addEventListener("anlan:change", this.hear);
    document.addEventListener("change", this.compare);
    void this.load();
  }

  disconnectedCallback(): void {
    this.size.disconnect();
    this.removeEventListener("click", this.choose);
    document.removeEventListener("anlan:change", this.hear);
    document.removeEventListener("change", this.compare);
    this.chart?.dispose();
    this.chart = undefined;
  }

  private readonly choose = (event: Event): void => {
    const button = (event.target as HTMLElement).closest<HTMLButtonElement>("button[data-days]");
    if (!button) return;
    for (const other of this.querySelectorAll("button[data-days]")) other.setAttribute("aria-pressed", String(other === button));
    this.dataset.days = button.dataset.days;
    const kept = document.querySelector<HTMLInputElement>(".compare input[name=days]");
    if (kept) kept.value = button.dataset.days!;
    void this.load();
  };

  /** An alarm that rose or cleared is drawn at once. */
  private readonly hear = (event: Event): void => {
    if (["alarms", "warnings", "*"].includes((event as CustomEvent).detail.room)) void this.load();
  };

  private readonly compare = (): void => {
    const kept = document.querySelector<HTMLInputElement>(".compare input[name=with]");
    const ticked = document.querySelectorAll<HTMLInputElement>(".compare [data-with]:checked");
    if (kept) kept.value = [...ticked].map((box) => box.value).join(",");
  };

  private async load(): Promise<void> {
    const mine = ++this.asked;
    const end = Date.now();
    const start = end - Number(this.dataset.days) * DAY;
    const place = this.querySelector<HTMLElement>("[data-place]")!;
    const query = `points=${this.dataset.points}&start=${start}&end=${end}&rows=${Math.max(200, Math.round(place.clientWidth))}`;
    for (const link of this.querySelectorAll<HTMLAnchorElement>("a[data-format]")) {
      link.href = `${this.dataset.export}?${query.replace(/rows=\d+/, "rows=4000")}&format=${link.dataset.format}`;
    }
    try {
      const [series, marks] = await Promise.all([got(`${this.dataset.series}?${query}`), got(`${this.dataset.marks}?${query}`)]);
      const found = curves(unpack(await series.arrayBuffer()));
      const laid = (await marks.json()) as Marks;
      if (mine !== this.asked || !this.chart) return;
      this.say(found.some((curve) => curve.mean.length) ? "" : this.dataset.none!);
      this.draw(found, laid, start, end);
      this.list(laid);
    } catch {
      if (mine === this.asked) this.say(this.dataset.failed!);
    }
  }

  private say(text: string): void {
    this.querySelector("[data-words]")!.textContent = text;
  }

  private draw(found: Curve[], laid: Marks, start: number, end: number): void {
    const axes = units(found);
    const first = found[0]?.id;
    const series = found.flatMap((curve, index) => {
      const colour = CURVES[index % CURVES.length];
      const axis = axes.indexOf(curve.unit);
      const hidden = { type: "line", yAxisIndex: axis, stack: `band-${curve.id}`, symbol: "none", silent: true, lineStyle: { opacity: 0 }, tooltip: { show: false } };
      return [
        { ...hidden, data: curve.low },
        { ...hidden, data: curve.band, areaStyle: { opacity: 0.16, color: colour } },
        {
          type: "line",
          name: curve.title,
          yAxisIndex: axis,
          data: curve.mean,
          symbol: "none",
          lineStyle: { width: 1.6, color: colour },
          itemStyle: { color: colour },
          markLine: curve.id === first ? { silent: true, symbol: "none", data: [...limitLines(laid, first), ...flags(laid, start)] } : undefined,
          markArea: curve.id === first ? { silent: true, data: stretches(laid, start, end) } : undefined,
        },
      ];
    });
    this.chart!.setOption(
      {
        backgroundColor: "transparent",
        animation: false,
        legend: found.length > 1 ? { top: 0, data: found.map((curve) => curve.title) } : undefined,
        grid: { left: 56, right: 56, top: found.length > 1 ? 44 : 24, bottom: 60 },
        tooltip: { trigger: "axis", valueFormatter: (value: unknown) => String(Number(Number(value).toPrecision(5))) },
        xAxis: { type: "time", min: start, max: end },
        yAxis: axes.map((unit, index) => ({ type: "value", scale: true, name: unit, position: index ? "right" : "left", offset: index > 1 ? 48 * (index - 1) : 0, splitLine: { show: !index } })),
        dataZoom: [{ type: "inside" }, { type: "slider", height: 20, bottom: 8 }],
        series,
      },
      true,
    );
  }

  /** The same in words, so that nothing is told by colour alone and every mark can be followed. */
  private list(laid: Marks): void {
    const place = document.querySelector<HTMLElement>("[data-marks-of=trend]");
    if (!place) return;
    const rows = [...laid.cases.map((one) => [this.dataset.case!, one] as const), ...laid.alarms.map((one) => [this.dataset.alarm!, one] as const)];
    place.replaceChildren(...(rows.length ? rows.map(([kind, mark]) => line(kind, mark)) : [item(place.dataset.none!)]));
  }
}

async function got(address: string): Promise<Response> {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer;
}

function limitLines(laid: Marks, first: number) {
  return laid.limits
    .filter((limit) => limit.point === first)
    .map((limit) => ({ yAxis: limit.limit, name: limit.title, lineStyle: { color: LEVEL[limit.level], type: "dashed" }, label: { formatter: `${limit.title} ${limit.limit}`, position: "insideEndTop", color: "inherit" } }));
}

/** A warning is a flag where it was opened. */
function flags(laid: Marks, start: number) {
  return laid.cases
    .filter((one) => one.from >= start)
    .map((one) => ({ xAxis: one.from, lineStyle: { color: LEVEL[one.level], type: "solid", width: 2 }, label: { formatter: "⚑", color: LEVEL[one.level], fontSize: 16 } }));
}

export function stretches(laid: Marks, start: number, end: number): object[] {
  return laid.alarms.map((one) => [
    { xAxis: Math.max(one.from, start), itemStyle: { color: LEVEL[one.level], opacity: 0.14 } },
    { xAxis: Math.min(one.to ?? end, end) },
  ]);
}

function line(kind: string, mark: Mark): HTMLLIElement {
  const link = document.createElement("a");
  link.href = mark.url;
  link.textContent = mark.title;
  const shape = document.createElement("span");
  shape.className = `level-shape level-shape-${mark.level}`;
  shape.setAttribute("aria-hidden", "true");
  const when = document.createElement("span");
  when.className = "text-secondary";
  when.textContent = `${kind} · ${moment(mark.from)} – ${mark.to ? moment(mark.to) : ""}`;
  const found = document.createElement("li");
  found.className = `level-${mark.level}`;
  found.append(shape, link, when);
  return found;
}

function item(text: string): HTMLLIElement {
  const found = document.createElement("li");
  found.textContent = text;
  return found;
}

function moment(at: number): string {
  return new Date(at).toLocaleString(document.documentElement.lang, { month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" });
}

if (!customElements.get("point-trend")) customElements.define("point-trend", PointTrend);
