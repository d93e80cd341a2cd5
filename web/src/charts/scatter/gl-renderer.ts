import { DENSITY_RADIUS, STRENGTHS } from "./density.ts";
import { LEAST_COVER, SLAB, STRENGTH } from "./discs.ts";
import { middleOf } from "./projection.ts";
import type { ScatterDrawing, Points } from "./raster.ts";
import type { Renderer } from "./renderer.ts";

/** Where a missing coordinate lies. */
const MISSING = 1e30;

const VERTEX = `#version 300 es
in vec3 position;
in float place;
in float selected;
// Sums over distances from the middle of the picture, which is the sum of two numbers: a large one
// and what it lacks.
uniform vec3 across, down, depth, middle, lack;
uniform vec2 size;
uniform float diameter, wanted, strength, restAlpha, deep;
uniform vec3 rest;
uniform sampler2D colors;
out vec4 color;
void main() {
  vec3 at = (position - middle) - lack;
  float far = dot(depth, at);
  vec2 pixel = vec2(dot(across, at), dot(down, at));
  float slab = floor(far / ${SLAB}) * ${SLAB} / 1.3;
  gl_Position = vec4(pixel / size * vec2(2, -2), deep * clamp(slab, -1.0, 1.0), 1);
  bool isMissing = max(max(abs(position.x), abs(position.y)), abs(position.z)) > ${MISSING / 2};
  if (selected != wanted || isMissing) gl_Position = vec4(2, 2, 2, 1);
  gl_PointSize = diameter;
  float fade = mix(1.0, 0.8 - 0.35 * far, deep);
  vec3 own = texelFetch(colors, ivec2(int(place + 0.5), 0), 0).rgb;
  bool isRest = wanted < 0.5;
  color = vec4(isRest ? rest : own, min(1.0, (isRest ? restAlpha : strength) * fade));
}`;

const FRAGMENT = `#version 300 es
precision mediump float;
in vec4 color;
uniform float radius;
out vec4 pixel;
void main() {
  float cover = clamp(radius + 0.5 - length(gl_PointCoord - 0.5) * (2.0 * radius + 2.0), 0.0, 1.0);
  if (cover <= ${LEAST_COVER}) discard;
  pixel = vec4(color.rgb, 1) * (color.a * cover);
}`;

const UNIFORMS = [
  "across", "down", "depth", "middle", "lack", "size", "diameter", "radius", "wanted", "rest", "strength",
  "restAlpha", "deep",
] as const;

/** Draws with a graphics card, all points in one call. */
export class GlRenderer implements Renderer {
  readonly kind = "webgl";
  readonly #canvas: HTMLCanvasElement;
  readonly #gl: WebGL2RenderingContext;
  readonly #program: WebGLProgram;
  readonly #places: Record<(typeof UNIFORMS)[number], WebGLUniformLocation | null>;
  readonly #buffers: Record<string, WebGLBuffer | null> = {};
  readonly #texture: WebGLTexture | null;
  readonly #onLost: () => void;
  #shown: Partial<Points> = {};

  /** Null where the card cannot do it. `onLost` is called when it no longer can. */
  static make(canvas: HTMLCanvasElement, onLost: () => void): GlRenderer | null {
    const gl = canvas.getContext("webgl2", { antialias: false, preserveDrawingBuffer: true });
    const program = gl && link(gl);
    return gl && program ? new GlRenderer(canvas, gl, program, onLost) : null;
  }

  constructor(canvas: HTMLCanvasElement, gl: WebGL2RenderingContext, program: WebGLProgram, onLost: () => void) {
    [this.#canvas, this.#gl, this.#program, this.#onLost] = [canvas, gl, program, onLost];
    canvas.addEventListener("webglcontextlost", onLost);
    const found = UNIFORMS.map((name) => [name, gl.getUniformLocation(program, name)]);
    this.#places = Object.fromEntries(found);
    this.#texture = gl.createTexture();
  }

  draw(drawing: ScatterDrawing, ratio: number): void {
    const gl = this.#gl;
    const { width, height } = this.#canvas;
    gl.viewport(0, 0, width, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    // biome-ignore lint/correctness/useHookAtTopLevel: it is a method of WebGL
    gl.useProgram(this.#program);
    this.#upload(drawing.points);
    this.#set(drawing, ratio);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.depthFunc(gl.LEQUAL);
    if (drawing.points.z) gl.enable(gl.DEPTH_TEST);
    else gl.disable(gl.DEPTH_TEST);
    for (const wanted of drawing.points.selected ? [0, 1] : [1]) {
      gl.clear(gl.DEPTH_BUFFER_BIT); // what is selected lies over the rest, however deep
      gl.uniform1f(this.#places.wanted, wanted);
      gl.drawArrays(gl.POINTS, 0, drawing.points.x.length);
    }
  }

  #set({ points, projection, radius, rest, restAlpha }: ScatterDrawing, ratio: number): void {
    const gl = this.#gl;
    const places = this.#places;
    const { width, height } = this.#canvas;
    const scaled = projection.map((part, at) => (at < 8 ? part * ratio : part));
    const middle = middleOf(scaled, width, height);
    const factors = Float32Array.from(scaled);
    gl.uniform3fv(places.across, factors.subarray(0, 3));
    gl.uniform3fv(places.down, factors.subarray(4, 7));
    gl.uniform3fv(places.depth, factors.subarray(8, 11));
    gl.uniform3fv(places.middle, middle);
    gl.uniform3fv(places.lack, middle.map((value) => value - Math.fround(value)));
    gl.uniform2f(places.size, width, height);
    const isDense = radius < DENSITY_RADIUS;
    const drawn = isDense ? radius : radius * ratio;
    gl.uniform1f(places.strength, isDense ? STRENGTHS[1]! : STRENGTH);
    gl.uniform1f(places.radius, drawn);
    gl.uniform1f(places.diameter, 2 * drawn + 2);
    gl.uniform3f(places.rest, (rest & 255) / 255, ((rest >> 8) & 255) / 255, ((rest >> 16) & 255) / 255);
    gl.uniform1f(places.restAlpha, restAlpha);
    gl.uniform1f(places.deep, points.z ? 1 : 0);
  }

  /** What has changed since it was drawn last. */
  #upload(points: Points): void {
    const gl = this.#gl;
    const old = this.#shown;
    if (old.x !== points.x || old.y !== points.y || old.z !== points.z) {
      this.#attribute("position", interleave(points), 3, gl.FLOAT);
    }
    if (old.places !== points.places) this.#attribute("place", points.places, 1, gl.UNSIGNED_BYTE);
    if (old.selected !== points.selected || old.x?.length !== points.x.length) {
      const all = points.selected ?? new Uint8Array(points.x.length).fill(1);
      this.#attribute("selected", all, 1, gl.UNSIGNED_BYTE);
    }
    if (old.colors !== points.colors) this.#colors(points.colors);
    this.#shown = points;
  }

  #attribute(name: string, values: Float32Array | Uint8Array, size: number, type: number): void {
    const gl = this.#gl;
    this.#buffers[name] ??= gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffers[name]);
    gl.bufferData(gl.ARRAY_BUFFER, values as BufferSource, gl.DYNAMIC_DRAW);
    const place = gl.getAttribLocation(this.#program, name);
    gl.enableVertexAttribArray(place);
    gl.vertexAttribPointer(place, size, type, false, 0, 0);
  }

  #colors(colors: Uint32Array): void {
    const gl = this.#gl;
    gl.bindTexture(gl.TEXTURE_2D, this.#texture);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    const bytes = new Uint8Array(colors.buffer, colors.byteOffset, 1024);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 256, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
  }

  dispose(): void {
    this.#canvas.removeEventListener("webglcontextlost", this.#onLost);
    for (const buffer of Object.values(this.#buffers)) this.#gl.deleteBuffer(buffer);
    this.#gl.deleteTexture(this.#texture);
    this.#gl.deleteProgram(this.#program);
    this.#shown = {};
  }
}

function interleave({ x, y, z }: Points): Float32Array {
  const all = new Float32Array(x.length * 3);
  for (let row = 0; row < x.length; row++) {
    all[row * 3] = finite(x[row]!);
    all[row * 3 + 1] = finite(y[row]!);
    all[row * 3 + 2] = z ? finite(z[row]!) : 0;
  }
  return all;
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : MISSING;
}

function link(gl: WebGL2RenderingContext): WebGLProgram | null {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(type);
    if (!shader) return null;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  return gl.getProgramParameter(program, gl.LINK_STATUS) ? program : null;
}
