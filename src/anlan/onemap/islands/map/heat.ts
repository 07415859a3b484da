/** Density instead of marks; loaded only when a layer asks for it. */
import { HeatmapLayer } from "@deck.gl/aggregation-layers";
import type { Layer } from "@deck.gl/core";
import type { Source } from "./source";

export function heatLayer(source: Source): Layer {
  return new HeatmapLayer({
    id: source.info.name,
    data: source.drawn as never,
    radiusPixels: 6 * source.info.size,
    intensity: 1,
    threshold: 0.05,
    aggregation: "SUM",
  }) as unknown as Layer;
}
