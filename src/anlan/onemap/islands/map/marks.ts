/** Marks in colour and shape, one draw call for a whole layer: deck.gl's ScatterplotLayer with a shape for each row. */
import { ScatterplotLayer, type ScatterplotLayerProps } from "@deck.gl/layers";
import type { DefaultProps } from "@deck.gl/core";
import { DISTANCE } from "./shapes";

interface ShapeProps {
  getShape?: number;
}

const INJECT = {
  "vs:#decl": "in float instanceShapes; flat out float markShape;",
  "vs:#main-end": "markShape = instanceShapes;",
  "fs:#decl": `flat in float markShape; ${DISTANCE}`,
  // Inside the circle that the layer draws anyway, only the shape is kept; its rim is white, so that marks stay apart.
  "fs:DECKGL_FILTER_COLOR": /* glsl */ `
    vec2 markPoint = vec2(geometry.uv.x, geometry.uv.y);
    float markPixel = max(fwidth(markPoint.x), 1e-4);
    float markEdge = mark_distance(markPoint, markShape) / markPixel;
    if (markEdge > 0.5) discard;
    color.rgb = mix(color.rgb, vec3(1.0), 0.8 * smoothstep(-1.5, -0.5, markEdge));
    color.a *= 1.0 - smoothstep(-0.5, 0.5, markEdge);
  `,
};

export class MarkLayer extends ScatterplotLayer<unknown, ShapeProps> {
  static layerName = "MarkLayer";
  static defaultProps: DefaultProps<ScatterplotLayerProps & ShapeProps> = {
    getShape: { type: "accessor", value: 0 },
  } as unknown as DefaultProps<ScatterplotLayerProps & ShapeProps>;

  getShaders() {
    return { ...super.getShaders(), inject: INJECT };
  }

  initializeState() {
    super.initializeState();
    this.getAttributeManager()!.addInstanced({
      instanceShapes: { size: 1, accessor: "getShape", defaultValue: 0 },
    });
  }
}
