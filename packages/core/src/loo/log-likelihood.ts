import { familyOf } from "../family/index.ts";
import { InputError } from "../input-error.ts";
import type { Model } from "../model/model.ts";
import { type DrawColumns, LinearPredictor } from "../predict/index.ts";

/** A log likelihood, observation by observation: [rows] x [chains][draws], never held as a whole. */
export interface LogLikelihood {
  readonly rows: number;
  readonly chains: number;
  /** Draws of each chain. */
  readonly draws: number;
  /** Log density or probability of an observation in every draw, into out [chains][draws]. */
  row(row: number, out: Float64Array): void;
}

/** A matrix [draws of all chains x rows], row-major, chains one after the other, as the R packages write it. */
export function logLikelihoodOfMatrix(values: Float64Array, rows: number, chains: number): LogLikelihood {
  const size = values.length / rows;
  const draws = size / chains;
  if (!Number.isInteger(draws) || draws < 1)
    throw new RangeError(
      `${values.length} log likelihoods are not those of ${rows} rows in ${chains} chains`,
    );
  return {
    rows,
    chains,
    draws,
    row(row, out) {
      for (let s = 0; s < size; s++) out[s] = values[s * rows + row]!;
    },
  };
}

/**
 * Of a model in its draws, group effects as they are (brms's `log_lik`). A variable that was not kept is an InputError.
 */
export function logLikelihoodOf(model: Model, columns: DrawColumns, chains: number): LogLikelihood {
  const predictor = new LinearPredictor(model, columns);
  const { logLik } = familyOf(model.family);
  const { aux } = predictor;
  const { y, trials } = model;
  return {
    rows: model.rows,
    chains,
    draws: columns.draws / chains,
    row(row, out) {
      predictor.row(row, out);
      const n = trials?.[row] ?? 1;
      for (let s = 0; s < out.length; s++) out[s] = logLik(y[row]!, out[s]!, aux[s]!, n);
    },
  };
}

/** All finite, or an InputError that names the first that is not. */
export function checkFinite(logLik: Float64Array, row: number): void {
  for (let s = 0; s < logLik.length; s++)
    if (!Number.isFinite(logLik[s]!))
      throw new InputError(
        `the log likelihood of observation ${row + 1} is ${logLik[s]} in draw ${s + 1}: leave-one-out needs finite ones; look for draws or responses at the edge of their range`,
      );
}
