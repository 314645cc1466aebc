import { readFileSync } from "node:fs";
import { type LogLikelihood, logLikelihoodOfMatrix } from "../../src/loo/index.ts";

const folder = new URL("../../../../fixtures/loo/", import.meta.url);

/** Pointwise results of R: a number, or "NA", "NaN", "Inf". */
type Column = readonly (number | string)[];

export interface ReferenceRule {
  readonly r_eff: Column;
  readonly elpd: Column;
  readonly p: Column;
  readonly mcse: Column;
  readonly k: Column;
  readonly n_eff: Column;
  /** [elpd_loo, p_loo, looic] x [estimate, SE] */
  readonly estimates?: readonly (readonly number[])[];
}

export interface Reference {
  readonly "2.5.1": ReferenceRule;
  readonly "2.10.1": ReferenceRule;
  readonly threshold: number;
  /** [elpd_waic, p_waic, waic] x [estimate, SE] */
  readonly waic: readonly (readonly number[])[];
  readonly log_weights_first: readonly number[];
}

export type ComparedReference = readonly Readonly<Record<string, number | string>>[];

export const NAMES = ["a", "b", "edge", "odd", "few"] as const;
export type Name = (typeof NAMES)[number];

export function readReference(): Readonly<Record<Name, Reference>> & {
  readonly compare_2_5_1: ComparedReference;
  readonly compare_2_10_1: ComparedReference;
  readonly due_to_chance: readonly { models: number; slope: number; flagged: boolean }[];
} {
  return JSON.parse(readFileSync(new URL("loo.json", folder), "utf8"));
}

export const CHAINS = 4;

/** Log likelihoods and the names of their observations. */
export function readMatrix(name: Name): { logLikelihood: LogLikelihood; names: readonly string[] } {
  if (name === "a" || name === "b") {
    const bytes = readFileSync(new URL(`loglik_${name}.f32`, folder));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const values = Float64Array.from({ length: bytes.byteLength / 4 }, (_, i) =>
      view.getFloat32(4 * i, true),
    );
    const names = Array.from({ length: 60 }, (_, i) => `${name}${i + 1}`);
    return { logLikelihood: logLikelihoodOfMatrix(values, 60, CHAINS), names };
  }
  const [header, ...lines] = readFileSync(new URL(`${name}.csv`, folder), "utf8")
    .trim()
    .split("\n");
  const names = header!.split(",");
  const values = Float64Array.from(lines.flatMap((line) => line.split(",").map(Number)));
  return { logLikelihood: logLikelihoodOfMatrix(values, names.length, CHAINS), names };
}

/** A column [chains][draws] of a matrix. */
export function columnOf(logLikelihood: LogLikelihood, row: number): Float64Array {
  const out = new Float64Array(logLikelihood.chains * logLikelihood.draws);
  logLikelihood.row(row, out);
  return out;
}

/** Results of ArviZ. */
export function readArviz(): Readonly<
  Record<Exclude<Name, "few">, { readonly elpd: Column; readonly p: Column; readonly k: Column }>
> {
  return JSON.parse(readFileSync(new URL("arviz.json", folder), "utf8"));
}
