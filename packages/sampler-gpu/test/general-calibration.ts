import { type Family, familyOf, type Model, thresholdCount } from "@bridgewise/core";
import { correlationFactor } from "../src/general/correlation.ts";
import { type Simulated, Source } from "./calibration.ts";
import { numbers } from "./designs.ts";
import { generalModel } from "./general-models.ts";

export type CalibrationShape = "slopes" | "three" | "nested";

const PRIORS: Omit<Model["priors"], "sd" | "cor" | "thresholds" | "intercept"> = {
  b: [
    { kind: "normal", mean: 0.2, sd: 0.7 },
    { kind: "student_t", df: 4, location: 0, scale: 0.6 },
  ],
  sigma: { kind: "student_t", df: 4, location: 1, scale: 0.25 },
  nu: { kind: "gamma", shape: 2, rate: 0.1 },
  phi: { kind: "gamma", shape: 3, rate: 0.3 },
};

/** 10 users of 6 rows, two predictors, their slopes varying: (1 + a | user), (1 + a + b | user), or (1 + a | user) + (1 + b | user:talk). */
function design(family: Family, shape: CalibrationShape): Model {
  const rows = 60;
  const z = numbers(2 * rows, 55);
  const a = z.subarray(0, rows).map((v) => 0.5 + v);
  const b = z.subarray(rows).map((v) => (v > 0.3 ? 1 : 0));
  const one = a.map(() => 1);
  const user = Array.from({ length: rows }, (_, i) => Math.floor(i / 6));
  const columns = shape === "three" ? { Intercept: one, a, b } : { Intercept: one, a };
  const talk = {
    name: "user:talk",
    of: user.map((u, i) => `${u}_${i % 2}`),
    columns: { Intercept: one, b },
    correlated: false,
  };
  const groups = [{ name: "user", of: user, columns }, ...(shape === "nested" ? [talk] : [])];
  return generalModel({
    family,
    y: one.map((_, i) => (i % 2 === 0 ? 0.3 : 0.6)),
    x: { a, b },
    groups,
    offset: a.map((_, i) => 0.3 * (i % 3)),
    trials: a.map((_, i) => (family === "binomial" ? 2 + (i % 6) : 1)),
    ...(family === "cumulative" && { categories: 4 }),
    priors: {
      ...PRIORS,
      intercept:
        family === "cumulative" ? { kind: "flat" } : { kind: "student_t", df: 5, location: 0.3, scale: 1 },
      thresholds: family === "cumulative" ? new Array(3).fill({ kind: "normal", mean: 0.2, sd: 1.5 }) : [],
      sd: groups.map((group) =>
        Object.keys(group.columns).map((_, k) =>
          k === 0 ? { kind: "exponential", rate: 1.5 } : { kind: "normal", mean: 0, sd: 0.8 },
        ),
      ),
      cor: groups.map(() => 1.5),
    },
  });
}

/** Parameters from the prior, data from them. */
export const simulateGeneral =
  (shape: CalibrationShape) =>
  (family: Family, seed: number): Simulated => {
    const model = design(family, shape);
    const source = new Source(seed);
    const { priors, predictors, rows, x } = model;
    const truth = new Map<string, number>();
    const slopes = priors.b.map((prior) => source.prior(prior));
    predictors.forEach((name, k) => {
      truth.set(`b_${name}`, slopes[k]!);
    });
    const shift = slopes.reduce((sum, slope, k) => {
      let mean = 0;
      for (let i = 0; i < rows; i++) mean += x[i * predictors.length + k]! / rows;
      return sum + slope * mean;
    }, 0);
    // equal priors of thresholds in rising order: independent draws, sorted
    const cuts = priors.thresholds
      .map((prior) => source.prior(prior) + shift)
      .sort((p, q) => p - q)
      .slice(0, thresholdCount(model));
    cuts.forEach((cut, k) => {
      truth.set(`b_Intercept[${k + 1}]`, cut);
    });
    const intercept = cuts.length > 0 ? 0 : source.prior(priors.intercept) - shift;
    if (cuts.length === 0) truth.set("b_Intercept", intercept);
    const eta = Float64Array.from({ length: rows }, (_, i) =>
      slopes.reduce(
        (sum, slope, k) => sum + slope * x[i * predictors.length + k]!,
        intercept + model.offset![i]!,
      ),
    );
    model.groups.forEach(({ name, coefficients, levels, index, z, correlated }, t) => {
      const q = coefficients.length;
      const sd = priors.sd[t]!.map((prior) => source.positive(prior));
      const l = new Float64Array(q * q);
      // (1 + partial correlation) / 2 ~ Beta(b, b): a ratio of gamma draws with b a multiple of 1/2, by chi squares
      const coordinates: number[] = [];
      for (let i = 1; i < q; i++)
        for (let j = 0; j < i; j++) {
          const twice = 2 * (priors.cor[t]! + (q - 2 - j) / 2);
          let [up, down] = [0, 0];
          for (let k = 0; k < twice; k++) {
            up += source.normal() ** 2;
            down += source.normal() ** 2;
          }
          coordinates.push(correlated ? Math.atanh((2 * up) / (up + down) - 1) : 0);
        }
      correlationFactor(q, Float64Array.from(coordinates), 0, 1, l, 0);
      coefficients.forEach((coefficient, k) => {
        truth.set(`sd_${name}__${coefficient}`, sd[k]!);
        for (let j = 0; correlated && j < k; j++) {
          let r = 0;
          for (let m = 0; m <= j; m++) r += l[k * q + m]! * l[j * q + m]!;
          truth.set(`cor_${name}__${coefficients[j]}__${coefficient}`, r);
        }
      });
      const u = levels.map(() => {
        const x0 = coefficients.map(() => source.normal());
        return coefficients.map(
          (_, k) => sd[k]! * x0.reduce((sum, v, m) => (m <= k ? sum + l[k * q + m]! * v : sum), 0),
        );
      });
      levels.forEach((level, j) => {
        coefficients.forEach((coefficient, k) => {
          truth.set(`r_${name}[${level},${coefficient}]`, u[j]![k]!);
        });
      });
      for (let i = 0; i < rows; i++)
        for (let k = 0; k < q; k++) eta[i]! += (z?.[i * q + k] ?? 1) * u[index[i]!]![k]!;
    });
    const { parameters, draw } = familyOf(family);
    const aux = parameters.map((name) => {
      let value = source.positive(priors[name]);
      while (name === "nu" && value <= 1) value = source.positive(priors[name]);
      truth.set(name, value);
      return value;
    });
    const y = eta.map((e, i) => {
      const value = draw(e, [...aux, ...cuts], model.trials![i]!, source);
      return family === "beta" ? Math.min(Math.max(value, 1e-300), 1 - 2 ** -53) : value;
    });
    return { model: { ...model, y }, truth };
  };
