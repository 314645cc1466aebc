import { familyOf, type Prior } from "@bridgewise/core";
import { columnPrior, type GeneralRows } from "./general-rows.ts";
import type { GeneralStart } from "./general-start.ts";

/** About where a prior puts its parameter. */
function priorGuess(prior: Prior): number {
  switch (prior.kind) {
    case "flat":
      return 1;
    case "normal":
      return Math.abs(prior.mean) + 0.7 * prior.sd;
    case "student_t":
    case "cauchy":
    case "logistic":
    case "double_exponential":
      return Math.abs(prior.location) + 0.7 * prior.scale;
    case "lognormal":
      return Math.exp(prior.meanLog);
    case "inv_gamma":
      return prior.scale / (prior.shape + 1);
    case "exponential":
      return 0.7 / prior.rate;
    case "gamma":
      return Math.max(prior.shape, 0.5) / prior.rate;
  }
}

/** The prior's own centre where the rows count for nothing. */
export function priorStart(problem: GeneralRows): GeneralStart {
  const { model, columns, terms } = problem;
  const centre = (prior: Prior): number =>
    prior.kind === "normal" ? prior.mean : "location" in prior ? prior.location : 0;
  const parameters = familyOf(model.family).parameters.map(
    (name) => priorGuess(model.priors[name]) + (name === "nu" ? 1 : 0),
  );
  const thresholds = model.priors.thresholds.map((prior, k, all) => centre(prior) + k - (all.length - 1) / 2);
  return {
    beta: Float64Array.from({ length: columns }, (_, k) => centre(columnPrior(problem, k))),
    aux: Float64Array.from([...parameters, ...thresholds]),
    sd: model.priors.sd.map((sds) => Float64Array.from(sds, priorGuess)),
    correlations: terms.map(({ size }) => identity(size)),
    effects: terms.map(({ levels, size }) => new Float64Array(levels * size)),
    shares: terms.map(({ size }) => new Float64Array(size)),
    resolution: terms.map(({ size }) => new Float64Array(size)),
  };
}

const identity = (n: number): Float64Array =>
  Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
