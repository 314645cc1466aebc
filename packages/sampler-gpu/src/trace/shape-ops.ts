import { backend_util, slice_util, util } from "@tensorflow/tfjs-core";
import type { FunctionGraph, Output } from "./function-graph.ts";
import type { Attrs } from "./graph-def.ts";
import { INT, type Inputs, NUMBER, type Operand, operand, type Recorder, typeAttr } from "./recorder.ts";
import { describeTensor } from "./tensor-type.ts";

/** A node with the type of `x` and an output `output` of a known shape. */
function output(
  graph: FunctionGraph,
  op: string,
  x: Operand,
  shape: readonly number[],
  more: readonly string[],
  attrs: Attrs,
  port = "output",
): Output {
  const node = graph.node(op, [graph.use(x), ...more], { T: typeAttr(x.dtype), ...attrs });
  return { ref: `${node}:${port}:0`, shape, dtype: x.dtype };
}

const reshape = (graph: FunctionGraph, x: Operand, shape: readonly number[]): Output =>
  output(graph, "Reshape", x, shape, [graph.integers(shape)], { Tshape: INT });

/** Tensors that go in as a list: of one type. */
function list(inputs: Inputs): [Operand, ...Operand[]] {
  const all = Object.keys(inputs).map((name) => operand(inputs, name));
  const [first, ...rest] = all;
  if (!first) throw new Error("no tensors are given");
  for (const x of rest)
    if (x.dtype !== first.dtype)
      throw new Error(`${describeTensor(first)} and ${describeTensor(x)} are of two types`);
  return [first, ...rest];
}

/** A node with one output for each part. */
function parts(
  graph: FunctionGraph,
  op: string,
  inputs: string[],
  attrs: Attrs,
  shapes: number[][],
  x: Operand,
): Output[] {
  const node = graph.node(op, inputs, { T: typeAttr(x.dtype), ...attrs });
  return shapes.map((shape, k) => ({ ref: `${node}:output:${k}`, shape, dtype: x.dtype }));
}

export const SHAPE_OPS: Record<string, Recorder> = {
  Reshape: (graph, inputs, { shape }) => {
    const x = operand(inputs, "x");
    return reshape(graph, x, util.inferFromImplicitShape([...shape], util.sizeFromShape(x.shape)));
  },
  ExpandDims: (graph, inputs, { dim }) => {
    const x = operand(inputs, "input");
    const shape = [...x.shape];
    shape.splice(dim < 0 ? dim + shape.length + 1 : dim, 0, 1);
    return reshape(graph, x, shape);
  },
  Slice: (graph, inputs, { begin, size }) => {
    const x = operand(inputs, "x");
    const [from, count] = slice_util.parseSliceParams(x, begin, size) as [number[], number[]];
    slice_util.assertParamsValid(x, from, count);
    return output(graph, "Slice", x, count, [graph.integers(from), graph.integers(count)], { Index: INT });
  },
  StridedSlice: (graph, inputs, attrs) => {
    const x = operand(inputs, "x");
    const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attrs;
    const { finalShape = [] } = slice_util.sliceInfo(
      x.shape,
      begin,
      end,
      strides,
      beginMask,
      endMask,
      ellipsisMask,
      newAxisMask,
      shrinkAxisMask,
    );
    return output(
      graph,
      "StridedSlice",
      x,
      finalShape,
      [begin, end, strides].map((v) => graph.integers(v)),
      {
        Index: INT,
        begin_mask: { int: beginMask },
        end_mask: { int: endMask },
        ellipsis_mask: { int: ellipsisMask },
        new_axis_mask: { int: newAxisMask },
        shrink_axis_mask: { int: shrinkAxisMask },
      },
    );
  },
  Concat: (graph, inputs, { axis }) => {
    const all = list(inputs);
    const a = util.parseAxisParam(axis, all[0].shape)[0]!;
    const shapes = all.map((x) => x.shape);
    backend_util.assertParamsConsistent(shapes, a);
    const node = graph.node("ConcatV2", [...all.map((x) => graph.use(x)), graph.integer(a)], {
      N: { int: all.length },
      T: typeAttr(all[0].dtype),
      Tidx: INT,
    });
    return { ref: `${node}:output:0`, shape: backend_util.computeOutShape(shapes, a), dtype: all[0].dtype };
  },
  Pack: (graph, inputs, { axis }) => {
    const all = list(inputs);
    const [first] = all;
    for (const x of all) util.assertShapesMatch(first.shape, x.shape, "all tensors are of one shape: ");
    const shape = [...first.shape];
    const a = axis < 0 ? axis + shape.length + 1 : axis;
    shape.splice(a, 0, all.length);
    const node = graph.node(
      "Pack",
      all.map((x) => graph.use(x)),
      {
        N: { int: all.length },
        T: typeAttr(first.dtype),
        axis: { int: a },
      },
    );
    return { ref: `${node}:output:0`, shape, dtype: first.dtype };
  },
  Unpack: (graph, inputs, { axis }) => {
    const x = operand(inputs, "value");
    const a = util.parseAxisParam(axis, x.shape)[0]!;
    const count = x.shape[a]!;
    const shape = x.shape.filter((_, k) => k !== a);
    return parts(
      graph,
      "Unpack",
      [graph.use(x)],
      { num: { int: count }, axis: { int: a } },
      Array(count).fill(shape),
      x,
    );
  },
  SplitV: (graph, inputs, { numOrSizeSplits, axis }) => {
    const x = operand(inputs, "x");
    const a = util.parseAxisParam(axis, x.shape)[0]!;
    const sizes = backend_util.prepareSplitSize(x as never, numOrSizeSplits, a);
    const shapes = sizes.map((size) => x.shape.map((n, k) => (k === a ? size : n)));
    const more = [graph.integers(sizes), graph.integer(a)];
    return parts(
      graph,
      "SplitV",
      [graph.use(x), ...more],
      { num_split: { int: sizes.length }, Tlen: INT },
      shapes,
      x,
    );
  },
  Transpose: (graph, inputs, { perm }) => {
    const x = operand(inputs, "x");
    const shape = (perm as number[]).map((k) => x.shape[k]!);
    return output(graph, "Transpose", x, shape, [graph.integers(perm)], { Tperm: INT }, "y");
  },
  Tile: (graph, inputs, { reps }) => {
    const x = operand(inputs, "x");
    const shape = x.shape.map((n, k) => n * reps[k]);
    return output(graph, "Tile", x, shape, [graph.integers(reps)], { Tmultiples: INT });
  },
  BroadcastTo: (graph, inputs, { shape }) => {
    const x = operand(inputs, "x");
    return output(graph, "BroadcastTo", x, shape, [graph.integers(shape)], { Tidx: INT });
  },
  PadV2: (graph, inputs, { paddings, constantValue }) => {
    const x = operand(inputs, "x", NUMBER);
    const pads = paddings as [number, number][];
    const shape = x.shape.map((n, k) => n + pads[k]![0] + pads[k]![1]);
    const more = [
      graph.constant("int32", [pads.length, 2], pads.flat()),
      graph.constant(x.dtype, [], [constantValue]),
    ];
    return output(graph, "PadV2", x, shape, more, { Tpaddings: INT });
  },
  Reverse: (graph, inputs, { dims }) => {
    const x = operand(inputs, "x");
    const axes = util.parseAxisParam(dims, x.shape);
    return output(graph, "ReverseV2", x, x.shape, [graph.integers(axes)], { Tidx: INT });
  },
  GatherV2: (graph, inputs, { axis, batchDims }) => {
    const x = operand(inputs, "x");
    const indices = operand(inputs, "indices", ["int32"]);
    const a = util.parseAxisParam(axis, x.shape)[0]!;
    const shape = [...x.shape.slice(0, a), ...indices.shape.slice(batchDims), ...x.shape.slice(a + 1)];
    const node = graph.node("GatherV2", [graph.use(x), graph.use(indices), graph.integer(a)], {
      Tparams: typeAttr(x.dtype),
      Tindices: INT,
      Taxis: INT,
      batch_dims: { int: batchDims },
    });
    return { ref: `${node}:output:0`, shape, dtype: x.dtype };
  },
  GatherNd: (graph, inputs) => {
    const x = operand(inputs, "params");
    const indices = operand(inputs, "indices", ["int32"]);
    const node = graph.node("GatherNd", [graph.use(x), graph.use(indices)], {
      Tparams: typeAttr(x.dtype),
      Tindices: INT,
    });
    const shape = [...indices.shape.slice(0, -1), ...x.shape.slice(indices.shape.at(-1))];
    return { ref: `${node}:output:0`, shape, dtype: x.dtype };
  },
  ScatterNd: (graph, inputs, { shape }) => {
    const indices = operand(inputs, "indices", ["int32"]);
    const updates = operand(inputs, "updates", NUMBER);
    const node = graph.node("ScatterNd", [graph.use(indices), graph.use(updates), graph.integers(shape)], {
      T: typeAttr(updates.dtype),
      Tindices: INT,
    });
    return { ref: `${node}:output:0`, shape, dtype: updates.dtype };
  },
};
