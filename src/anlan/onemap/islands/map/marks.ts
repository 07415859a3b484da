/**
 * Marks in colour and shape, a whole layer in one draw call with one vertex a mark.
 *
 * deck.gl's own layers draw a small square for every row by instancing; machines without a graphics processor pay for each
 * instance, so that 200,000 marks took seconds. A point sprite costs them one vertex, and graphics processors a quarter.
 */
import { Layer, picking, project32, type DefaultProps, type LayerDataSource, type LayerProps, type UpdateParameters } from "@deck.gl/core";
import { Model } from "@luma.gl/engine";
import { DISTANCE } from "./shapes";

interface MarkProps {
  data: LayerDataSource<unknown>;
  /** Pixels. */
  radius: number;
  getPosition?: number[];
  getFillColor?: number[];
  getShape?: number;
}

const BLOCK = /* glsl */ `
  layout(std140) uniform markUniforms {
    float radius;
  } mark;
`;
const markUniforms = { name: "mark", vs: BLOCK, fs: BLOCK, uniformTypes: { radius: "f32" } } as const;

const VERTEX = /* glsl */ `#version 300 es
  #define SHADER_NAME mark-layer-vertex
  in vec3 positions;
  in vec3 positions64Low;
  in vec4 colors;
  in float shapes;
  flat out vec4 markColour;
  flat out float markShape;
  flat out float markPixels;
  void main(void) {
    geometry.worldPosition = positions;
    geometry.pickingColor = picking_getPickingColorFromIndex(float(gl_VertexID));
    gl_Position = project_position_to_clipspace(positions, positions64Low, vec3(0.0), geometry.position);
    DECKGL_FILTER_GL_POSITION(gl_Position, geometry);
    markPixels = mark.radius * project.devicePixelRatio;
    gl_PointSize = 2.0 * markPixels + 1.0;
    markShape = shapes;
    markColour = colors;
    DECKGL_FILTER_COLOR(markColour, geometry);
  }
`;

const FRAGMENT = /* glsl */ `#version 300 es
  #define SHADER_NAME mark-layer-fragment
  precision highp float;
  flat in vec4 markColour;
  flat in float markShape;
  flat in float markPixels;
  out vec4 fragColor;
  ${DISTANCE}
  void main(void) {
    vec2 place = (gl_PointCoord - 0.5) * vec2(2.0, -2.0) * (1.0 + 0.5 / markPixels);
    float edge = mark_distance(place, markShape) * markPixels;
    if (edge > 0.5) discard;
    // A white rim keeps marks apart that lie over one another.
    vec3 colour = mix(markColour.rgb, vec3(1.0), 0.8 * clamp(edge + 1.5, 0.0, 1.0));
    fragColor = vec4(colour, markColour.a * clamp(0.5 - edge, 0.0, 1.0));
    geometry.uv = place;
    DECKGL_FILTER_COLOR(fragColor, geometry);
  }
`;

export class MarkLayer extends Layer<MarkProps> {
  static layerName = "MarkLayer";
  static defaultProps = {
    radius: 5,
    getPosition: { type: "accessor", value: [0, 0] },
    getFillColor: { type: "accessor", value: [0, 0, 0, 255] },
    getShape: { type: "accessor", value: 0 },
  } as unknown as DefaultProps<LayerProps & MarkProps>;

  declare state: { model?: Model };

  getShaders() {
    return super.getShaders({ vs: VERTEX, fs: FRAGMENT, modules: [project32, picking, markUniforms] });
  }

  initializeState() {
    this.getAttributeManager()!.add({
      positions: { size: 3, type: "float64", fp64: this.use64bitPositions(), accessor: "getPosition" },
      colors: { size: 4, type: "unorm8", accessor: "getFillColor", defaultValue: [0, 0, 0, 255] },
      shapes: { size: 1, accessor: "getShape", defaultValue: 0 },
    });
  }

  updateState(change: UpdateParameters<this>) {
    super.updateState(change);
    if (this.state.model && !change.changeFlags.extensionsChanged) return;
    this.state.model?.destroy();
    this.state.model = new Model(this.context.device, {
      ...this.getShaders(),
      id: this.props.id,
      bufferLayout: this.getAttributeManager()!.getBufferLayouts(),
      topology: "point-list",
      isInstanced: false,
    });
    this.getAttributeManager()!.invalidateAll();
  }

  draw() {
    const model = this.state.model!;
    const count = this.getNumInstances();
    if (!count) return;
    model.setVertexCount(count);
    model.setInstanceCount(0);
    model.shaderInputs.setProps({ mark: { radius: this.props.radius } });
    model.draw(this.context.renderPass);
  }
}
