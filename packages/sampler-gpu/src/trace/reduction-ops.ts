import { backend_util, util } from "@tensorflow/tfjs-core";
import type { FunctionGraph } from "./function-graph.ts";
import { BOOL, FLOAT, INT, NUMBER, operand, type Recorder, typeAttr } from "./recorder.ts";
import type { TracedType } from "./tensor-type.ts";

/** Over axes. TensorFlow's names are the same. */
const OVER_AXES: readonly [kernel: string, types: readonly TracedType[]][] = [
  ["Max", NUMBER],
  ["Mean", FLOAT],
  ["Min", NUMBER],
  ["Prod", NUMBER],
  ["Sum", NUMBER],
  ["All", BOOL],
  ["Any", BOOL],
];

const parseAxes = (axis: number | number[] | null, shape: readonly number[]): number[] =>
  // null: all axes
  util.parseAxisParam(axis as number | number[], [...shape]);

const overAxes =
  (kernel: string, types: readonly TracedType[]): Recorder =>
  (graph, inputs, { axis, reductionIndices, keepDims }) => {
    const x = operand(inputs, "x", types);
    const axes = parseAxes(kernel === "Max" ? reductionIndices : axis, x.shape); // tfjs's own name for it
    const [reduced] = backend_util.computeOutAndReduceShapes([...x.shape], axes);
    const shape = keepDims ? backend_util.expandShapeToKeepDim(reduced, axes) : reduced;
    const node = graph.node(kernel, [graph.use(x), graph.integers(axes)], {
      // All and Any know no type but bool
      ...(x.dtype !== "bool" && { T: typeAttr(x.dtype) }),
      Tidx: INT,
      keep_dims: { bool: Boolean(keepDims) },
    });
    return { ref: `${node}:output:0`, shape, dtype: x.dtype };
  };

const extreme =
  (kernel: "ArgMax" | "ArgMin"): Recorder =>
  (graph, inputs, { axis }) => {
    const x = operand(inputs, "x", NUMBER);
    const [a = 0] = parseAxes(axis, x.shape);
    const node = graph.node(kernel, [graph.use(x), graph.integer(a)], {
      T: typeAttr(x.dtype),
      Tidx: INT,
      output_type: INT,
    });
    return { ref: `${node}:output:0`, shape: x.shape.filter((_, k) => k !== a), dtype: "int32" };
  };

const running =
  (kernel: "Cumsum" | "Cumprod"): Recorder =>
  (graph: FunctionGraph, inputs, { axis, exclusive, reverse }) => {
    const x = operand(inputs, "x", NUMBER);
    const node = graph.node(kernel, [graph.use(x), graph.integer(axis)], {
      T: typeAttr(x.dtype),
      Tidx: INT,
      exclusive: { bool: Boolean(exclusive) },
      reverse: { bool: Boolean(reverse) },
    });
    return { ref: `${node}:out:0`, shape: x.shape, dtype: x.dtype };
  };

export const REDUCTIONS: Record<string, Recorder> = {
  ...Object.fromEntries(OVER_AXES.map(([kernel, types]) => [kernel, overAxes(kernel, types)])),
  ArgMax: extreme("ArgMax"),
  ArgMin: extreme("ArgMin"),
  Cumprod: running("Cumprod"),
  Cumsum: running("Cumsum"),
  BatchMatMul: (graph, inputs, { transposeA, transposeB }) => {
    const a = operand(inputs, "a", FLOAT);
    const b = operand(inputs, "b", FLOAT);
    if (a.shape.length < 2 || b.shape.length < 2) throw new Error("matrices have two dimensions at least");
    const [rows, innerA] = matrix(a.shape, transposeA);
    const [innerB, columns] = matrix(b.shape, transposeB);
    if (innerA !== innerB) throw new Error(`inner dimensions ${innerA} and ${innerB} differ`);
    const batch = backend_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
    const node = graph.node("BatchMatMulV2", [graph.use(a), graph.use(b)], {
      T: typeAttr("float32"),
      adj_x: { bool: Boolean(transposeA) },
      adj_y: { bool: Boolean(transposeB) },
    });
    return { ref: `${node}:output:0`, shape: [...batch, rows, columns], dtype: "float32" };
  },
  UnsortedSegmentSum: (graph, inputs, { numSegments }) => {
    const x = operand(inputs, "x", NUMBER);
    const ids = operand(inputs, "segmentIds", ["int32"]);
    if (ids.shape[0] !== x.shape[0] || ids.shape.length !== 1)
      throw new Error(`'segmentIds' are ${ids.shape} for ${x.shape[0]} rows`);
    const node = graph.node(
      "UnsortedSegmentSum",
      [graph.use(x), graph.use(ids), graph.integer(numSegments)],
      {
        T: typeAttr(x.dtype),
        Tindices: INT,
        Tnumsegments: INT,
      },
    );
    return { ref: `${node}:output:0`, shape: [numSegments, ...x.shape.slice(1)], dtype: x.dtype };
  },
};

function matrix(shape: readonly number[], transposed: boolean): [rows: number, columns: number] {
  const rows = shape.at(-2)!;
  const columns = shape.at(-1)!;
  return transposed ? [columns, rows] : [rows, columns];
}
