import { familyOf } from "@bridgewise/core";
import { KNOWN_SD, LARGE, LEAST_SHARE } from "../geometry/transport.ts";
import { inverse } from "../linear/cholesky.ts";
import type { Parametrisation } from "../settings.ts";
import type { Conditional } from "./conditionals.ts";
import type { GeneralLayout } from "./general-layout.ts";
import { auxAt, factorAt, linearAt } from "./general-point.ts";
import type { GeneralProblem } from "./general-problem.ts";
import { linearInformation } from "./linear-information.ts";
import { answersOf, nestedGroups, stepEffects } from "./nested-groups.ts";
import { predictRows } from "./predict-rows.ts";
import { curveRows, rowCurvature } from "./row-curvature.ts";

/**
 * Conditional transport of a term of q coefficients, DESIGN 4.4 for vectors: with u_j = C x_j, x_j ~ N(0, 1), and
 * G_j = h_j + A_j (linear - reference) - sum over ancestors P_j u_ancestor,
 *
 *     x_j = M_j^-1 C' G_j + K_j^-T w_j,   M_j = 1 + C' I_j C = K_j K_j'
 */
export interface GeneralTransport {
  /** [levels][q][q] I_j */
  readonly information: Float64Array;
  /** [levels][q] h_j */
  readonly center: Float64Array;
  /** [ancestors] of [levels][q][q_a] P_j */
  readonly ancestors: readonly Float64Array[];
  /** [levels] row of `responses`, or -1 where the effects are too weakly known to follow the linear globals. */
  readonly responseOf: Int32Array;
  /** [shifted levels][q][linear] A_j */
  readonly responses: Float64Array;
  /** [levels][q] the effects at the mode. */
  readonly mode: Float64Array;
}

export interface GeneralReference {
  /** [linear] */
  readonly linear: Float64Array;
  /** [terms], undefined for dense ones. */
  readonly transports: readonly (GeneralTransport | undefined)[];
  /** [linear x linear] information about the linear globals, all transported effects integrated out, priors included. */
  readonly precision: Float64Array;
  /** [sds] information about the logarithms of the sds: 2 sum of shares squared. */
  readonly sdInformation: Float64Array;
  /** [correlations], in the layout's order. */
  readonly corInformation: Float64Array;
}

const MOST_SWEEPS = 40;
/** Largest change of an effect in one sweep, in prior sds. */
const LARGEST_STEP = 3;

/** Solves for the mode of the effects given theta and describes each effect's conditional around it. */
export function solveGeneral(
  problem: GeneralProblem,
  layout: GeneralLayout,
  theta: Float64Array,
  parametrisation: Parametrisation,
  effectsStart: readonly Float64Array[],
): GeneralReference {
  const { rows, terms, columns } = problem;
  const { transported } = layout;
  const aux = new Float64Array(familyOf(problem.family).parameters.length + problem.thresholds);
  auxAt(problem, layout, theta, 0, 1, aux);
  const linear = new Float64Array(layout.linear);
  linearAt(problem, layout, theta, 0, 1, aux, linear);
  const factors = terms.map(({ size }, t) => {
    const factor = new Float64Array(size * size);
    factorAt(problem, layout, t, theta, 0, 1, factor, 0);
    return factor;
  });
  let effects = terms.map(({ levels, size }, t) =>
    layout.linearOf[t]! >= 0
      ? linear.slice(layout.linearOf[t]!, layout.linearOf[t]! + levels * size)
      : effectsStart[t]!.slice(),
  );
  const beta = linear.subarray(0, columns);
  const eta = new Float64Array(rows);
  const curvature = rowCurvature(problem);
  const curve = (): void => {
    predictRows(problem, beta, effects, eta);
    curveRows(problem, eta, aux, curvature);
  };
  const groups = nestedGroups(problem, transported);
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let largest = 0;
    for (const group of groups) {
      curve();
      const step = stepEffects(problem, layout, group, curvature, factors, effects);
      effects = effects.map((old, t) => {
        if (!group.includes(t)) return old;
        const { size } = terms[t]!;
        return old.map((before, e) => {
          const sd = Math.hypot(...factors[t]!.subarray((e % size) * size, ((e % size) + 1) * size)) + 1e-300;
          const move = (step.effects[t]![e]! - before) / sd;
          largest = Math.max(largest, Math.abs(move));
          return before + sd * Math.max(-LARGEST_STEP, Math.min(LARGEST_STEP, move));
        });
      });
    }
    if (!(largest > 1e-3)) break;
  }
  curve();
  const { conditionals, answers } = answersOf(problem, layout, curvature, factors, effects);
  const precision = linearInformation(problem, layout, curvature, answers, eta, aux);
  addDensePriors(problem, layout, factors, precision);
  const knowledge = informationOnScales(problem, layout, conditionals);
  return {
    linear,
    transports: terms.map((_, t) => {
      const conditional = conditionals[t];
      return (
        conditional && transportOf(problem, layout, t, conditional, effects[t]!, factors[t]!, parametrisation)
      );
    }),
    precision,
    ...knowledge,
  };
}

/** Dense effects are normal given their sds. */
function addDensePriors(
  problem: GeneralProblem,
  layout: GeneralLayout,
  factors: readonly Float64Array[],
  precision: Float64Array,
): void {
  problem.terms.forEach(({ levels, size: q }, t) => {
    const first = layout.linearOf[t]!;
    if (first < 0) return;
    const c = factors[t]!;
    const covariance = new Float64Array(q * q);
    for (let a = 0; a < q; a++)
      for (let b = 0; b < q; b++)
        for (let k = 0; k < q; k++) covariance[a * q + b]! += c[a * q + k]! * c[b * q + k]!;
    const inverted = inverse(covariance, q);
    if (inverted === undefined) return;
    for (let j = 0; j < levels; j++)
      for (let a = 0; a < q; a++)
        for (let b = 0; b < q; b++)
          precision[(first + j * q + a) * layout.linear + first + j * q + b]! += inverted[a * q + b]!;
  });
}

function informationOnScales(
  { terms }: GeneralProblem,
  layout: GeneralLayout,
  conditionals: readonly (Conditional | undefined)[],
): { sdInformation: Float64Array; corInformation: Float64Array } {
  const sds: number[] = [];
  const cors: number[] = [];
  terms.forEach(({ size, levels }, t) => {
    const shares = conditionals[t]?.shares;
    const sum = (a: number, b: number): number => {
      if (shares === undefined) return levels;
      let total = 0;
      for (let j = 0; j < levels; j++) total += shares[j * size + a]! * shares[j * size + b]!;
      return total;
    };
    for (let a = 0; a < size; a++) sds.push(2 * sum(a, a));
    if (layout.corOf[t]! >= 0)
      for (let a = 0; a < size; a++) for (let b = 0; b < a; b++) cors.push(sum(a, b));
  });
  return { sdInformation: Float64Array.from(sds), corInformation: Float64Array.from(cors) };
}

function transportOf(
  problem: GeneralProblem,
  layout: GeneralLayout,
  t: number,
  conditional: Conditional,
  mode: Float64Array,
  factor: Float64Array,
  parametrisation: Parametrisation,
): GeneralTransport {
  const { levels, size: q } = problem.terms[t]!;
  const { linear } = layout;
  const { shares, columns } = conditional;
  const free =
    parametrisation === "noncentred"
      ? new Uint8Array(levels).fill(1)
      : unboundedLevels(problem, t, conditional, factor);
  const keep = (values: Float64Array): Float64Array =>
    values.map((value, i) => (free[Math.floor((i * levels) / values.length)] === 1 ? 0 : value));
  const responseOf = new Int32Array(levels).fill(-1);
  let shifted = 0;
  for (let j = 0; j < levels; j++)
    if (free[j] === 0 && shares.subarray(j * q, (j + 1) * q).some((share) => share > LEAST_SHARE))
      responseOf[j] = shifted++;
  const responses = new Float64Array(shifted * q * linear);
  for (let j = 0; j < levels; j++)
    if (responseOf[j]! >= 0)
      for (let i = 0; i < q * linear; i++)
        responses[responseOf[j]! * q * linear + i] = -columns[j * q * linear + i]!;
  return {
    information: keep(conditional.information),
    center: keep(conditional.center),
    ancestors: conditional.ancestors.map(keep),
    responseOf,
    responses,
    mode,
  };
}

/**
 * [levels] 1 where all rows of a level are at the same end of what a response can be, so that their likelihood has no maximum and the
 * curvature at the mode would tie the effects down where the sd is larger than there; only where the other levels leave the sd so
 * uncertain that it may be that large (geometry/transport.ts).
 */
function unboundedLevels(
  problem: GeneralProblem,
  t: number,
  { information, shares }: Conditional,
  factor: Float64Array,
): Uint8Array {
  const { family, rows, y, trials, thresholds, terms } = problem;
  const { levels, size: q, index } = terms[t]!;
  const none = new Uint8Array(levels);
  const top = (i: number): number => (family === "cumulative" ? thresholds + 1 : trials[i]!);
  const bottom = family === "cumulative" ? 1 : 0;
  if (family !== "bernoulli" && family !== "binomial" && family !== "cumulative") return none;
  const low = new Uint8Array(levels).fill(1);
  const high = new Uint8Array(levels).fill(1);
  for (let i = 0; i < rows; i++) {
    if (y[i] !== bottom) low[index[i]!] = 0;
    if (y[i] !== top(i)) high[index[i]!] = 0;
  }
  const out = none.slice();
  for (let a = 0; a < q; a++) {
    const tau2 = factor.subarray(a * q, (a + 1) * q).reduce((sum, c) => sum + c * c, 0);
    let known = 0;
    let squares = 0;
    for (let j = 0; j < levels; j++) {
      if (low[j] === 1 || high[j] === 1) continue;
      known += 2 * shares[j * q + a]! ** 2;
      squares += information[(j * q + a) * q + a]! ** 2;
    }
    if (known >= KNOWN_SD) continue;
    const largest = tau2 + 2 * Math.sqrt(2 / squares);
    for (let j = 0; j < levels; j++)
      if ((low[j] === 1 || high[j] === 1) && information[(j * q + a) * q + a]! * largest > LARGE) out[j] = 1;
  }
  return out;
}
