import { type FunctionGraph, type Output, typed } from "./function-graph.ts";
import type { TensorValue } from "./graph-def.ts";
import { INT, operand, type Recorder, typeAttr } from "./recorder.ts";
import { type TracedType, tracedType } from "./tensor-type.ts";

/** A tensor of one value. */
function filled(graph: FunctionGraph, shape: readonly number[], value: number, dtype: TracedType): Output {
  const node = graph.node("Fill", [graph.integers(shape), graph.constant(dtype, [], [value])], {
    T: typeAttr(dtype),
    index_type: INT,
  });
  return { ref: `${node}:output:0`, shape, dtype };
}

function sequence(dtype: TracedType, start: number, step: number, length: number): TensorValue {
  const values = Array.from({ length }, (_, k) => start + k * step);
  return { values: typed(dtype, values), shape: [length], dtype };
}

const random =
  (op: string): Recorder =>
  (graph, inputs, { shape }) => {
    const seed = operand(inputs, "seed", ["int32"]);
    if (seed.shape.length !== 1 || seed.shape[0] !== 2) throw new Error("'seed' is int32[2]");
    const node = graph.node(op, [graph.integers(shape), graph.use(seed)], {
      dtype: typeAttr("float32"),
      T: INT,
      Tseed: INT,
    });
    return { ref: `${node}:output:0`, shape, dtype: "float32" };
  };

export const VALUE_OPS: Record<string, Recorder> = {
  Fill: (graph, _inputs, { shape, value, dtype }) =>
    filled(graph, shape, value, dtype ? tracedType(dtype, "a fill") : "float32"),
  ZerosLike: (graph, inputs) => {
    const x = operand(inputs, "x");
    return filled(graph, x.shape, 0, x.dtype);
  },
  OnesLike: (graph, inputs) => {
    const x = operand(inputs, "x");
    return filled(graph, x.shape, 1, x.dtype);
  },
  /** tfjs counts down where stop is below start and step is 1. */
  Range: (_graph, _inputs, { start, stop, step, dtype }) => {
    const by = stop < start && step === 1 ? -1 : step;
    return sequence(tracedType(dtype, "a range"), start, by, Math.max(0, Math.ceil((stop - start) / by)));
  },
  LinSpace: (_graph, _inputs, { start, stop, num }) =>
    sequence("float32", start, num > 1 ? (stop - start) / (num - 1) : 0, num),
  OneHot: (graph, inputs, { depth, onValue, offValue, dtype }) => {
    const indices = operand(inputs, "indices", ["int32"]);
    const type = tracedType(dtype ?? "float32", "a one-hot tensor");
    const scalar = (value: number): string => graph.constant(type, [], [value]);
    const node = graph.node(
      "OneHot",
      [graph.use(indices), graph.integer(depth), scalar(onValue), scalar(offValue)],
      { T: typeAttr(type), TI: INT, axis: { int: -1 } },
    );
    return { ref: `${node}:output:0`, shape: [...indices.shape, depth], dtype: type };
  },
  StatelessRandomNormal: random("StatelessRandomNormal"),
  StatelessRandomUniform: random("StatelessRandomUniform"),
};
