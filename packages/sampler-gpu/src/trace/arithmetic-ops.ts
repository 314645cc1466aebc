import { backend_util, type TensorInfo } from "@tensorflow/tfjs-core";
import type { FunctionGraph, Output } from "./function-graph.ts";
import {
  ANY,
  BOOL,
  FLOAT,
  NUMBER,
  type Operand,
  operand,
  pair,
  type Recorder,
  typeAttr,
} from "./recorder.ts";
import type { TracedType } from "./tensor-type.ts";

/** Element by element, one input, TensorFlow under the same name: its output, the types it takes. */
const UNARY: readonly [kernel: string, output: string, types: readonly TracedType[]][] = [
  ["Abs", "y", NUMBER],
  ["Acos", "y", FLOAT],
  ["Acosh", "y", FLOAT],
  ["Asin", "y", FLOAT],
  ["Asinh", "y", FLOAT],
  ["Atan", "y", FLOAT],
  ["Atanh", "y", FLOAT],
  ["Ceil", "y", FLOAT],
  ["Cos", "y", FLOAT],
  ["Cosh", "y", FLOAT],
  ["Elu", "activations", FLOAT],
  ["Erf", "y", FLOAT],
  ["Exp", "y", FLOAT],
  ["Expm1", "y", FLOAT],
  ["Floor", "y", FLOAT],
  ["Log", "y", FLOAT],
  ["Log1p", "y", FLOAT],
  ["Neg", "y", NUMBER],
  ["Reciprocal", "y", FLOAT],
  ["Relu", "activations", NUMBER],
  ["Relu6", "activations", FLOAT],
  ["Round", "y", FLOAT],
  ["Rsqrt", "y", FLOAT],
  ["Selu", "activations", FLOAT],
  ["Sigmoid", "y", FLOAT],
  ["Sign", "y", NUMBER],
  ["Sin", "y", FLOAT],
  ["Sinh", "y", FLOAT],
  ["Softmax", "softmax", FLOAT],
  ["Softplus", "activations", FLOAT],
  ["Sqrt", "y", FLOAT],
  ["Square", "y", NUMBER],
  ["Tan", "y", FLOAT],
  ["Tanh", "y", FLOAT],
];

/** Tests of each value. */
const TEST = ["IsFinite", "IsInf", "IsNan"];

/** Element by element, two inputs of one type, shapes broadcast; the output is of their type. */
const BINARY: readonly [kernel: string, op: string, types: readonly TracedType[]][] = [
  ["Add", "AddV2", NUMBER],
  ["Atan2", "Atan2", FLOAT],
  ["FloorDiv", "FloorDiv", NUMBER],
  ["Maximum", "Maximum", NUMBER],
  ["Minimum", "Minimum", NUMBER],
  ["Mod", "FloorMod", NUMBER],
  ["Multiply", "Mul", NUMBER],
  ["Pow", "Pow", NUMBER],
  ["RealDiv", "RealDiv", NUMBER],
  ["SquaredDifference", "SquaredDifference", NUMBER],
  ["Sub", "Sub", NUMBER],
];

/** Two inputs of one type, shapes broadcast; the output is bool. */
const COMPARISON: readonly [kernel: string, types: readonly TracedType[]][] = [
  ["Equal", ANY],
  ["Greater", NUMBER],
  ["GreaterEqual", NUMBER],
  ["Less", NUMBER],
  ["LessEqual", NUMBER],
  ["NotEqual", ANY],
];

const broadcast = (a: Operand, b: Operand): number[] =>
  backend_util.assertAndGetBroadcastShape([...a.shape], [...b.shape]);

export const unary = (graph: FunctionGraph, op: string, x: string, type: TracedType, output = "y"): string =>
  `${graph.node(op, [x], { T: typeAttr(type) })}:${output}:0`;
export const binary = (graph: FunctionGraph, op: string, a: string, b: string, type: TracedType): string =>
  `${graph.node(op, [a, b], { T: typeAttr(type) })}:z:0`;
export const select = (
  graph: FunctionGraph,
  condition: string,
  t: string,
  e: string,
  type: TracedType,
): string => `${graph.node("SelectV2", [condition, t, e], { T: typeAttr(type) })}:output:0`;

const like = ({ shape, dtype }: Operand, ref: string): Output => ({ ref, shape, dtype });

const singles: Record<string, Recorder> = {
  Identity: (graph, inputs) => {
    const x = operand(inputs, "x");
    return like(x, graph.use(x));
  },
  Cast: (graph, inputs, { dtype }) => {
    const x = operand(inputs, "x");
    if (x.dtype === dtype) return like(x, graph.use(x));
    const ref = `${graph.node("Cast", [graph.use(x)], { SrcT: typeAttr(x.dtype), DstT: typeAttr(dtype) })}:y:0`;
    return { ref, shape: x.shape, dtype };
  },
  ClipByValue: (graph, inputs, { clipValueMin, clipValueMax }) => {
    const x = operand(inputs, "x", NUMBER);
    const bound = (value: number): string => graph.constant(x.dtype, [], [value]);
    const below = binary(graph, "Minimum", graph.use(x), bound(clipValueMax), x.dtype);
    return like(x, binary(graph, "Maximum", below, bound(clipValueMin), x.dtype));
  },
  LeakyRelu: (graph, inputs, { alpha }) => {
    const x = operand(inputs, "x", FLOAT);
    const node = graph.node("LeakyRelu", [graph.use(x)], { T: typeAttr(x.dtype), alpha: { float: alpha } });
    return like(x, `${node}:activations:0`);
  },
  /** 1 above 0, else alpha; NaN stays. */
  Step: (graph, inputs, { alpha }) => {
    const x = operand(inputs, "x", FLOAT);
    const ref = graph.use(x);
    const constant = (value: number): string => graph.constant(x.dtype, [], [value]);
    const positive = binary(graph, "Greater", ref, constant(0), x.dtype);
    const step = select(graph, positive, constant(1), constant(alpha), x.dtype);
    return like(x, select(graph, unary(graph, "IsNan", ref, x.dtype), ref, step, x.dtype));
  },
  LogicalNot: (graph, inputs) => {
    const x = operand(inputs, "x", BOOL);
    return like(x, `${graph.node("LogicalNot", [graph.use(x)], {})}:y:0`);
  },
  Select: (graph, inputs) => {
    const condition = operand(inputs, "condition", BOOL);
    const [t, e] = pair(inputs, ANY, ["t", "e"]);
    const shape = backend_util.assertAndGetBroadcastShape([...condition.shape], broadcast(t, e));
    return {
      ref: select(graph, graph.use(condition), graph.use(t), graph.use(e), t.dtype),
      shape,
      dtype: t.dtype,
    };
  },
  AddN: (graph, inputs) => {
    const all = Object.keys(inputs).map((name) => operand(inputs, name, NUMBER));
    const [first] = all;
    if (!first) throw new Error("nothing to add");
    const node = graph.node(
      "AddN",
      all.map((x: TensorInfo) => graph.use(x)),
      {
        N: { int: all.length },
        T: typeAttr(first.dtype),
      },
    );
    return like(first, `${node}:sum:0`);
  },
};

export const ARITHMETIC: Record<string, Recorder> = {
  ...singles,
  ...Object.fromEntries(
    UNARY.map(([kernel, output, types]): [string, Recorder] => [
      kernel,
      (graph, inputs) => {
        const x = operand(inputs, "x" in inputs ? "x" : "logits", types);
        return like(x, unary(graph, kernel, graph.use(x), x.dtype, output));
      },
    ]),
  ),
  ...Object.fromEntries(
    TEST.map((kernel): [string, Recorder] => [
      kernel,
      (graph, inputs) => {
        const x = operand(inputs, "x", FLOAT);
        return { ref: unary(graph, kernel, graph.use(x), x.dtype), shape: x.shape, dtype: "bool" };
      },
    ]),
  ),
  ...Object.fromEntries(
    BINARY.map(([kernel, op, types]): [string, Recorder] => [
      kernel,
      (graph, inputs) => {
        const [a, b] = pair(inputs, types);
        return {
          ref: binary(graph, op, graph.use(a), graph.use(b), a.dtype),
          shape: broadcast(a, b),
          dtype: a.dtype,
        };
      },
    ]),
  ),
  ...Object.fromEntries(
    COMPARISON.map(([kernel, types]): [string, Recorder] => [
      kernel,
      (graph, inputs) => {
        const [a, b] = pair(inputs, types);
        return {
          ref: binary(graph, kernel, graph.use(a), graph.use(b), a.dtype),
          shape: broadcast(a, b),
          dtype: "bool",
        };
      },
    ]),
  ),
  ...Object.fromEntries(
    ["LogicalAnd", "LogicalOr"].map((kernel): [string, Recorder] => [
      kernel,
      (graph, inputs) => {
        const [a, b] = pair(inputs, BOOL);
        const ref = `${graph.node(kernel, [graph.use(a), graph.use(b)], {})}:z:0`;
        return { ref, shape: broadcast(a, b), dtype: "bool" };
      },
    ]),
  ),
};
