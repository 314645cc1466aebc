import type { GradConfig, NamedAttrMap, Tensor, Tensor1D } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";

type OneGradient = (dy: Tensor, x: Tensor, attrs: NamedAttrMap) => Tensor;

/** Ops of one input whose gradient puts dy back into the input's shape. */
const SHAPES: Readonly<Record<string, { readonly input: string; readonly gradient: OneGradient }>> = {
  Cast: { input: "x", gradient: (dy) => tf.cast(dy, "float32") },
  ClipByValue: {
    input: "x",
    gradient: (dy, x, { clipValueMin, clipValueMax }) => {
      const inside = tf.logicalAnd(
        tf.greaterEqual(x, clipValueMin as number),
        tf.lessEqual(x, clipValueMax as number),
      );
      return tf.mul(dy, tf.cast(inside, "float32"));
    },
  },
  Cumsum: {
    input: "x",
    gradient: (dy, _x, { axis, exclusive, reverse }) =>
      tf.cumsum(dy, axis as number, exclusive as boolean, !(reverse as boolean)),
  },
  ExpandDims: { input: "input", gradient: (dy, x) => tf.reshape(dy, x.shape) },
  PadV2: {
    input: "x",
    gradient: (dy, x, { paddings }) =>
      tf.slice(
        dy,
        (paddings as number[][]).map((p) => p[0]!),
        x.shape,
      ),
  },
  Reshape: { input: "x", gradient: (dy, x) => tf.reshape(dy, x.shape) },
  Slice: {
    input: "x",
    gradient: (dy, x, { begin }) =>
      tf.pad(
        dy,
        x.shape.map((size, k) => {
          const from = (begin as number[])[k]!;
          return [from, size - from - dy.shape[k]!] as [number, number];
        }),
      ),
  },
  Tile: {
    input: "x",
    gradient: (dy, x, { reps }) => {
      // [r0, s0, r1, s1, …] summed over the repetitions
      const split = tf.reshape(
        dy,
        x.shape.flatMap((size, k) => [(reps as number[])[k]!, size]),
      );
      return tf.sum(
        split,
        x.shape.map((_, k) => 2 * k),
      );
    },
  },
  Transpose: {
    input: "x",
    gradient: (dy, _x, { perm }) =>
      tf.transpose(dy, tf.backend_util.getUndoAxesPermutation(perm as number[])),
  },
};

/** Sums dy's slices along an axis where the same index was gathered. */
function scatterAdd(dy: Tensor, indices: Tensor, axis: number, x: Tensor): Tensor {
  const before = x.shape.slice(0, axis);
  const after = x.shape.slice(axis + 1);
  const size = indices.size;
  const flat = tf.reshape(dy, [tf.util.sizeFromShape(before), size, tf.util.sizeFromShape(after)]);
  const first = tf.transpose(flat, [1, 0, 2]);
  const summed = tf.unsortedSegmentSum(first, tf.reshape(indices, [size]) as Tensor1D, x.shape[axis]!);
  return tf.reshape(tf.transpose(summed, [1, 0, 2]), x.shape);
}

/** Cuts dy along an axis where tensors of these widths were joined. */
function parts(dy: Tensor, widths: readonly number[], axis: number): Tensor[] {
  return tf.split(dy, [...widths], axis);
}

const JOINS: readonly GradConfig[] = [
  {
    kernelName: "Concat",
    saveAllInputs: true,
    gradFunc: (dy, saved, attrs) => {
      const [axis] = tf.util.parseAxisParam(attrs["axis"] as number, saved[0]!.shape);
      const own = parts(
        dy as Tensor,
        saved.map((x) => x.shape[axis!]!),
        axis!,
      );
      return Object.fromEntries(own.map((part, k) => [k, () => part]));
    },
  },
  {
    kernelName: "Pack",
    saveAllInputs: true,
    gradFunc: (dy, saved, attrs) => {
      const own = tf.unstack(dy as Tensor, attrs["axis"] as number);
      return Object.fromEntries(saved.map((_, k) => [k, () => own[k]!]));
    },
  },
  {
    kernelName: "SplitV",
    gradFunc: (dy, _saved, attrs) => ({ x: () => tf.concat(dy as Tensor[], attrs["axis"] as number) }),
  },
  {
    kernelName: "Unpack",
    gradFunc: (dy, _saved, attrs) => ({ value: () => tf.stack(dy as Tensor[], attrs["axis"] as number) }),
  },
];

const OTHERS: readonly GradConfig[] = [
  {
    kernelName: "BatchMatMul",
    inputsToSave: ["a", "b"],
    gradFunc: (d, saved, { transposeA, transposeB }) => {
      const [a, b] = saved as [Tensor, Tensor];
      const dy = d as Tensor;
      const [ta, tb] = [Boolean(transposeA), Boolean(transposeB)];
      return {
        a: () => (ta ? tf.matMul(b, dy, tb, true) : tf.matMul(dy, b, false, !tb)),
        b: () => (tb ? tf.matMul(dy, a, true, ta) : tf.matMul(a, dy, !ta, false)),
      };
    },
  },
  {
    kernelName: "GatherV2",
    inputsToSave: ["x", "indices"],
    gradFunc: (dy, saved, { axis, batchDims }) => {
      if (batchDims)
        throw new Error("gather with batch dimensions has no gradient here: give the gradient by hand");
      const [x, indices] = saved as [Tensor, Tensor];
      const [at] = tf.util.parseAxisParam(axis as number, x.shape);
      return { x: () => scatterAdd(dy as Tensor, indices, at!, x), indices: () => tf.zeros(indices.shape) };
    },
  },
  {
    kernelName: "Select",
    inputsToSave: ["condition"],
    gradFunc: (dy, [condition]) => ({
      condition: () => tf.zeros(condition!.shape),
      t: () => tf.where(condition!, dy as Tensor, tf.zerosLike(dy as Tensor)),
      e: () => tf.where(condition!, tf.zerosLike(dy as Tensor), dy as Tensor),
    }),
  },
  {
    kernelName: "Softmax",
    outputsToSave: [true],
    gradFunc: (dy, [y], { dim }) => ({
      logits: () => {
        const weighted = tf.mul(dy as Tensor, y!);
        return tf.sub(weighted, tf.mul(tf.sum(weighted, dim as number, true), y!));
      },
    }),
  },
  {
    kernelName: "LogSoftmax",
    outputsToSave: [true],
    gradFunc: (dy, [y], { axis }) => ({
      logits: () => tf.sub(dy as Tensor, tf.mul(tf.sum(dy as Tensor, axis as number, true), tf.exp(y!))),
    }),
  },
  {
    kernelName: "UnsortedSegmentSum",
    inputsToSave: ["segmentIds"],
    gradFunc: (dy, [ids]) => ({
      // rows of negative segments were left out
      x: () => {
        const clipped = tf.maximum(ids!, tf.zerosLike(ids!));
        const rows = tf.gather(dy as Tensor, clipped as Tensor1D);
        const real = tf.cast(tf.greaterEqual(ids!, tf.zerosLike(ids!)), "float32");
        return tf.mul(
          rows,
          tf.reshape(real, [...real.shape, ...rows.shape.slice(real.shape.length).map(() => 1)]),
        );
      },
      segmentIds: () => tf.zeros(ids!.shape),
    }),
  },
];

/** Gradients of ops that move values about: reshaping, joining, gathering, products of matrices. */
export const SHAPE_GRADIENTS: readonly GradConfig[] = [
  ...Object.entries(SHAPES).map(
    ([kernelName, { input, gradient }]): GradConfig => ({
      kernelName,
      inputsToSave: [input],
      gradFunc: (dy, [x], attrs) => ({ [input]: () => gradient(dy as Tensor, x!, attrs) }),
    }),
  ),
  ...JOINS,
  ...OTHERS,
];
