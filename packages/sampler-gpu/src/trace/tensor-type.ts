import type { DataType } from "@tensorflow/tfjs-core";

/** The types that a traced program computes with, by TensorFlow's numbers (types.proto). */
export const DT = { float32: 1, int32: 3, bool: 10 } as const;
export type TracedType = keyof typeof DT;
export type Values = Float32Array | Int32Array | Uint8Array;

export function tracedType(dtype: DataType | string, what: string): TracedType {
  if (dtype in DT) return dtype as TracedType;
  throw new Error(`${what} is ${dtype}: a traced program computes with ${Object.keys(DT).join(", ")}`);
}

/** A tensor as it goes from op to op while a program is traced. */
export interface TypedShape {
  readonly shape: readonly number[];
  readonly dtype: TracedType;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, n) => size * n, 1);

export const describeTensor = ({ shape, dtype }: { shape: readonly number[]; dtype: string }): string =>
  `${dtype}[${shape.join(", ")}]`;

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((n, k) => n === b[k]);
