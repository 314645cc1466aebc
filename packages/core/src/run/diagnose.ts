import type { RunDiagnostics, VariableSummary } from "./run.ts";

/** Above this the chains disagree: brms's warning, and rstan's limit for using a sample at all. */
export const RHAT_LIMIT = 1.05;
/** Above this they have not mixed well enough to report: Vehtari et al. 2021, doi:10.1214/20-BA1221, section 4. */
export const RHAT_TARGET = 1.01;
/** Least bulk and tail ESS for each chain: Vehtari et al. 2021, section 4; https://mc-stan.org/misc/warnings. */
export const ESS_PER_CHAIN = 100;
/** Below this fresh momentum moves a chain too little in energy: cmdstanr's warning (rstan's is 0.2). */
export const EBFMI_LIMIT = 0.3;
/** Below this many draws a chain, its halves are too short for an effective sample size (posterior). */
const LEAST_DRAWS = 6;

export interface DiagnoseInput {
  readonly summaries: Readonly<Record<string, VariableSummary>>;
  /** Transitions after warm-up, over all chains, whose energy error was beyond the limit. */
  readonly divergences: number;
  /** Step angle in radians; this and the next two are null for draws of a program that does not tell. */
  readonly stepSize: number | null;
  /** Mean acceptance probability, 0 to 1. */
  readonly acceptance: number | null;
  readonly gradientsPerDraw: number | null;
  /** Of each chain, where the engine tells energies. */
  readonly ebfmi?: readonly number[] | undefined;
  readonly chains: number;
  readonly drawsPerChain: number;
}

/** What is wrong with a run, each fault as one sentence with its figures and the way out, the gravest first. */
export function diagnose(input: DiagnoseInput): RunDiagnostics {
  const { summaries, divergences, chains, drawsPerChain, ebfmi } = input;
  const variables = Object.entries(summaries);
  const { broken, mixing } = faultsOfDraws(variables, chains, drawsPerChain);
  return {
    divergences,
    step_size: input.stepSize,
    acceptance: input.acceptance,
    gradients_per_draw: input.gradientsPerDraw,
    ...(ebfmi && { ebfmi }),
    max_rhat: extreme(variables, "rhat", (a, b) => a > b),
    min_ess_bulk: extreme(variables, "ess_bulk", (a, b) => a < b),
    min_ess_tail: extreme(variables, "ess_tail", (a, b) => a < b),
    warnings: [
      ...broken,
      ...told(divergent(divergences, chains * drawsPerChain), energyBound(ebfmi ?? [])),
      ...mixing,
    ],
  };
}

/** The same sentences about draws alone, such as those of another program. */
export function warningsOfDraws(
  summaries: Readonly<Record<string, VariableSummary>>,
  chains: number,
  drawsPerChain: number,
): readonly string[] {
  const { broken, mixing } = faultsOfDraws(Object.entries(summaries), chains, drawsPerChain);
  return [...broken, ...mixing];
}

/** What is wrong with the draws themselves, and what with how they mixed, each the gravest first. */
function faultsOfDraws(
  variables: Variables,
  chains: number,
  draws: number,
): { readonly broken: readonly string[]; readonly mixing: readonly string[] } {
  return {
    broken: told(notFinite(variables), tooShort(draws)),
    mixing: told(
      draws < LEAST_DRAWS ? null : standingStill(variables),
      disagreeing(variables),
      scarce(variables, "ess_bulk", chains, draws),
      scarce(variables, "ess_tail", chains, draws),
      draws < LEAST_DRAWS ? null : constant(variables),
    ),
  };
}

const told = (...warnings: readonly (string | null)[]): string[] => warnings.filter((text) => text !== null);

type Variables = readonly (readonly [name: string, summary: VariableSummary])[];
type Extreme = { readonly variable: string; readonly value: number };

function extreme(
  variables: Variables,
  field: "rhat" | "ess_bulk" | "ess_tail",
  beats: (a: number, b: number) => boolean,
): Extreme | null {
  let best: Extreme | null = null;
  for (const [variable, summary] of variables) {
    const value = summary[field];
    if (value !== null && (best === null || beats(value, best.value))) best = { variable, value };
  }
  return best;
}

function notFinite(variables: Variables): string | null {
  const broken = variables.filter(([, { mean, sd }]) => mean === null || sd === null);
  if (broken.length === 0) return null;
  return (
    `'${broken[0]![0]}' has draws that are missing or infinite (${share(broken.length, variables)}): ` +
    "do not use them; look for extreme values in the data and narrow the priors."
  );
}

function tooShort(draws: number): string | null {
  if (draws >= LEAST_DRAWS) return null;
  return (
    `${whole(draws)} draws a chain are too few for R-hat and effective sample sizes: ` +
    `take at least ${LEAST_DRAWS}, or 1,000 to report results.`
  );
}

function divergent(divergences: number, transitions: number): string | null {
  if (divergences === 0) return null;
  const percent = (100 * divergences) / transitions;
  return (
    `${whole(divergences)} of ${whole(transitions)} transitions after warm-up diverged (${percent < 0.1 ? "less than 0.1" : percent.toFixed(1)}%), ` +
    "so the draws may miss a part of the posterior: lengthen the warm-up (steps get smaller while transitions diverge), " +
    "or narrow the priors of the group standard deviations."
  );
}

function energyBound(ebfmi: readonly number[]): string | null {
  const low = ebfmi.filter((value) => value < EBFMI_LIMIT).length;
  if (low === 0) return null;
  return (
    `E-BFMI is below ${EBFMI_LIMIT} in ${low} of ${ebfmi.length} chains (least ${Math.min(...ebfmi).toPrecision(2)}), ` +
    "so the chains move slowly through the posterior's tails: take more draws and look at the tail ESS, or narrow the priors of the group standard deviations."
  );
}

function constant(variables: Variables): string | null {
  const same = variables.filter(([, { rhat, sd }]) => rhat === null && sd === 0);
  if (same.length === 0) return null;
  return (
    `All draws of '${same[0]![0]}' are the same (${share(same.length, variables)}), so it has no R-hat and no ESS: ` +
    "leave it out of tables if the model fixes it; if not, do not use these draws and lengthen the warm-up."
  );
}

function standingStill(variables: Variables): string | null {
  const still = variables.filter(([, { rhat, sd }]) => rhat === null && sd !== null && sd > 0);
  if (still.length === 0) return null;
  return (
    `R-hat of '${still[0]![0]}' is not defined although its draws differ (${share(still.length, variables)}), ` +
    "as where every chain stands still at a value of its own: do not use these draws; lengthen the warm-up."
  );
}

function disagreeing(variables: Variables): string | null {
  const worst = extreme(variables, "rhat", (a, b) => a > b);
  if (worst === null || !(worst.value > RHAT_TARGET)) return null;
  const grave = worst.value > RHAT_LIMIT;
  const limit = grave ? RHAT_LIMIT : RHAT_TARGET;
  const count = variables.filter(([, { rhat }]) => rhat !== null && rhat > limit).length;
  const figures = `R-hat of '${worst.variable}' is ${rhatDigits(worst.value)} (${share(count, variables)} above ${limit})`;
  return grave
    ? `The chains disagree, ${figures}: do not use these draws; lengthen the warm-up, or narrow the priors.`
    : `The chains have not mixed fully, ${figures}: take more draws before you report these results.`;
}

function scarce(
  variables: Variables,
  field: "ess_bulk" | "ess_tail",
  chains: number,
  draws: number,
): string | null {
  const least = extreme(variables, field, (a, b) => a < b);
  const needed = ESS_PER_CHAIN * chains;
  if (least === null || !(least.value < needed)) return null;
  const count = variables.filter(([, summary]) => (summary[field] ?? Infinity) < needed).length;
  const [name, what] =
    field === "ess_bulk"
      ? ["Bulk ESS", "means and medians"]
      : ["Tail ESS", "intervals and standard deviations"];
  // ESS grows in proportion to the draws once chains have mixed; rounded up to a hundred.
  const enough = Math.ceil((draws * needed) / least.value / 100) * 100;
  return (
    `${name} of '${least.variable}' is ${whole(Math.floor(least.value))}, below ${whole(needed)} ` +
    `(${ESS_PER_CHAIN} for each of ${chains} chains; ${share(count, variables)}), so its ${what} are not reliable: ` +
    `take about ${whole(enough)} draws a chain instead of ${whole(draws)}.`
  );
}

/** Enough digits that a value above a limit never reads as the limit itself. */
function rhatDigits(value: number): string {
  const rounded = value.toFixed(2);
  return Number(rounded) === RHAT_TARGET || Number(rounded) === RHAT_LIMIT ? value.toPrecision(6) : rounded;
}

function share(count: number, variables: Variables): string {
  return `${whole(count)} of ${whole(variables.length)} variables`;
}

/** A whole number with thousands apart, the same in every locale. */
function whole(value: number): string {
  return value.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ",");
}
