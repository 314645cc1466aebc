import { type Draws, type DrawsSource, drawsSource } from "../posterior/draws.ts";
import { mean, standardDeviation } from "../posterior/moments.ts";
import { mad, quantileSorted, sorted } from "../posterior/quantile.ts";
import { type DrawValues, undefinedPart, valueAt } from "./expression.ts";
import { hypothesisError } from "./hypothesis-error.ts";
import { type Hypothesis, parseHypothesis, type Sign } from "./parse-hypothesis.ts";
import { savageDickey } from "./savage-dickey.ts";
import { VariableNames } from "./variable-names.ts";

export interface HypothesisOptions {
  /** Above 0, below 1/2; default 0.05. One-sided intervals run from the alpha to the 1 - alpha quantile, two-sided ones from alpha/2 to 1 - alpha/2. */
  readonly alpha?: number;
  /** Median and MAD instead of mean and standard deviation. */
  readonly robust?: boolean;
  /** Draws from the prior, with the same names: two-sided evidence ratios need them. */
  readonly prior?: Draws | DrawsSource;
}

/** A row of brms's `hypothesis()`, on the scale of left minus right side. null where a value is not finite or not defined. */
export interface HypothesisRow {
  readonly hypothesis: string;
  readonly sign: Sign;
  /** Mean, or median. */
  readonly estimate: number | null;
  /** Standard deviation, or MAD times 1.4826. */
  readonly est_error: number | null;
  readonly ci_lower: number | null;
  readonly ci_upper: number | null;
  /** Probability between the two: 0.9 for a one-sided hypothesis at alpha 0.05, 0.95 for a two-sided one. */
  readonly ci_level: number;
  /**
   * Draws for the hypothesis over draws against it, "Inf" where none is against it: then it is known to be above the number of
   * draws or so. Two-sided: posterior over prior density at 0, null without prior draws.
   */
  readonly evidence_ratio: number | "Inf" | null;
  readonly post_prob: number | null;
  /** One-sided: post_prob above 1 - alpha. Two-sided: 0 outside the interval. */
  readonly star: "*" | "";
}

export interface HypothesisTable {
  readonly alpha: number;
  readonly robust: boolean;
  /** Draws of all chains together. */
  readonly draws: number;
  readonly rows: readonly HypothesisRow[];
}

/**
 * Tests hypotheses on draws by the rules of brms 2.18 to 2.23, reading only the variables that they name. InputError with a
 * caret for a hypothesis that cannot be read, names an unknown variable, or is not a number in some draw; RangeError for an
 * alpha out of range.
 */
export async function evaluateHypotheses(
  texts: readonly string[],
  draws: Draws | DrawsSource,
  { alpha = 0.05, robust = false, prior }: HypothesisOptions = {},
): Promise<HypothesisTable> {
  if (!(alpha > 0 && alpha < 0.5)) throw new RangeError(`alpha must be above 0 and below 0.5: ${alpha}`);
  const posterior = drawsSource(draws);
  const names = new VariableNames(posterior.variables);
  const hypotheses = texts.map((text) => parseHypothesis(text, names));
  const columns = await readColumns(
    posterior,
    hypotheses.flatMap(({ variables }) => variables),
  );
  const priorSource = prior && drawsSource(prior);
  const priorColumns = priorSource && (await priorOf(priorSource, hypotheses));
  const size = posterior.chains * posterior.draws;
  return {
    alpha,
    robust,
    draws: size,
    rows: hypotheses.map((hypothesis) => {
      const x = differences(hypothesis, columns, posterior.draws);
      const fromPrior =
        hypothesis.sign === "=" && priorColumns !== undefined
          ? differences(hypothesis, priorColumns, priorSource!.draws)
          : undefined;
      return rowOf(hypothesis, x, { alpha, robust }, fromPrior);
    }),
  };
}

async function readColumns(source: DrawsSource, names: readonly string[]): Promise<DrawValues> {
  const columns = new Map<string, Float64Array>();
  for (const name of names)
    if (!columns.has(name)) columns.set(name, await source.read(source.variables.indexOf(name)));
  return columns;
}

/** Prior draws of the two-sided hypotheses' variables. */
async function priorOf(source: DrawsSource, hypotheses: readonly Hypothesis[]): Promise<DrawValues> {
  const twoSided = hypotheses.filter(({ sign }) => sign === "=");
  for (const { text, variables } of twoSided)
    for (const name of variables)
      if (!source.variables.includes(name))
        throw hypothesisError(
          text,
          1,
          `the prior draws have no variable '${name}': give those of a fit of the same model with --prior-only`,
        );
  return readColumns(
    source,
    twoSided.flatMap(({ variables }) => variables),
  );
}

/** [chains x draws] left minus right side; an InputError where it is not a number. `perChain`: draws of a chain. */
function differences(
  { text, difference, variables }: Hypothesis,
  columns: DrawValues,
  perChain: number,
): Float64Array {
  const size = columns.get(variables[0]!)!.length;
  const x = Float64Array.from({ length: size }, (_, draw) => valueAt(difference, columns, draw));
  const first = x.findIndex(Number.isNaN);
  if (first < 0) return x;
  const count = x.reduce((sum, value) => sum + (Number.isNaN(value) ? 1 : 0), 0);
  const { position, kind } = undefinedPart(difference, columns, first);
  const place = `chain ${Math.floor(first / perChain) + 1}, draw ${(first % perChain) + 1}`;
  throw hypothesisError(
    text,
    position,
    `${kind === "variable" ? "this variable is missing" : "this is not a number"} in ${count} of ${size} draws, first in ${place}: ` +
      "test an expression that is defined in every draw",
  );
}

function rowOf(
  { label, sign }: Hypothesis,
  x: Float64Array,
  { alpha, robust }: { readonly alpha: number; readonly robust: boolean },
  prior: Float64Array | undefined,
): HypothesisRow {
  const values = sorted(x);
  const tail = sign === "=" ? alpha / 2 : alpha;
  const lower = quantileSorted(values, tail);
  const upper = quantileSorted(values, 1 - tail);
  const ratio = sign === "=" ? (prior ? savageDickey(x, prior) : Number.NaN) : odds(x, sign);
  const probability = ratio === Number.POSITIVE_INFINITY ? 1 : ratio / (1 + ratio);
  const star = sign === "=" ? !(lower <= 0 && 0 <= upper) : probability > 1 - alpha;
  return {
    hypothesis: label,
    sign,
    estimate: finiteOrNull(robust ? quantileSorted(values, 0.5) : mean(x)),
    est_error: finiteOrNull(robust ? mad(x) : standardDeviation(x)),
    ci_lower: finiteOrNull(lower),
    ci_upper: finiteOrNull(upper),
    ci_level: 1 - 2 * tail,
    evidence_ratio: ratio === Number.POSITIVE_INFINITY ? "Inf" : finiteOrNull(ratio),
    post_prob: finiteOrNull(probability),
    star: star ? "*" : "",
  };
}

/** Draws strictly on the side of the sign, over all others: one that is 0 speaks against it. */
function odds(x: Float64Array, sign: "<" | ">"): number {
  let count = 0;
  for (const value of x) if (sign === "<" ? value < 0 : value > 0) count++;
  return count / (x.length - count);
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
