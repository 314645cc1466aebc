import type { Prior } from "@bridgewise/core";

/** Log density up to a constant, and its derivative, of a prior at x. */
export function priorDensity(prior: Prior, x: number): { value: number; slope: number } {
  switch (prior.kind) {
    case "flat":
      return { value: 0, slope: 0 };
    case "normal": {
      const d = (x - prior.mean) / prior.sd;
      return { value: -0.5 * d * d, slope: -d / prior.sd };
    }
    case "student_t":
    case "cauchy": {
      const df = prior.kind === "cauchy" ? 1 : prior.df;
      const d = (x - prior.location) / prior.scale;
      return {
        value: -0.5 * (df + 1) * Math.log1p((d * d) / df),
        slope: (-(df + 1) * d) / (df + d * d) / prior.scale,
      };
    }
    case "logistic": {
      const d = (x - prior.location) / prior.scale;
      const e = Math.exp(-Math.abs(d));
      return { value: -Math.abs(d) - 2 * Math.log1p(e), slope: -Math.tanh(d / 2) / prior.scale };
    }
    case "double_exponential": {
      const d = (x - prior.location) / prior.scale;
      return { value: -Math.abs(d), slope: -Math.sign(d) / prior.scale };
    }
    case "lognormal": {
      if (x <= 0) return { value: -Infinity, slope: 0 };
      const d = (Math.log(x) - prior.meanLog) / prior.sdLog;
      return { value: -Math.log(x) - 0.5 * d * d, slope: -(1 + d / prior.sdLog) / x };
    }
    case "inv_gamma":
      if (x <= 0) return { value: -Infinity, slope: 0 };
      return {
        value: -(prior.shape + 1) * Math.log(x) - prior.scale / x,
        slope: (prior.scale / x - (prior.shape + 1)) / x,
      };
    case "exponential":
      return x < 0 ? { value: -Infinity, slope: 0 } : { value: -prior.rate * x, slope: -prior.rate };
    case "gamma":
      if (x <= 0) return { value: -Infinity, slope: 0 };
      return {
        value: (prior.shape - 1) * Math.log(x) - prior.rate * x,
        slope: (prior.shape - 1) / x - prior.rate,
      };
  }
}

/** The same for a positive parameter written as exp(l), with the Jacobian log |dx / dl| = l; slope in l. */
export function logScalePriorDensity(prior: Prior, l: number): { value: number; slope: number } {
  const x = Math.exp(l);
  const { value, slope } = priorDensity(prior, x);
  return { value: value + l, slope: slope * x + 1 };
}

/** Minus the second derivative near the prior's centre: its weight as information about a location parameter. */
export function priorPrecision(prior: Prior): number {
  switch (prior.kind) {
    case "normal":
      return 1 / prior.sd ** 2;
    case "student_t":
      return (prior.df + 1) / (prior.df * prior.scale ** 2);
    case "cauchy":
      return 2 / prior.scale ** 2;
    case "logistic":
      return 1 / (2 * prior.scale ** 2);
    case "double_exponential":
      // it has a corner there; that of a normal prior with the same variance
      return 1 / (2 * prior.scale ** 2);
    default:
      return 0;
  }
}
