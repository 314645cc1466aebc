/** A response's distribution given its linear predictor eta, by brms's names. */
export const FAMILIES = ["gaussian", "student_t", "bernoulli", "binomial", "cumulative", "beta"] as const;
export type Family = (typeof FAMILIES)[number];

/** brms's own names of two of them. */
export const FAMILY_ALIASES = { student: "student_t", Beta: "beta" } as const satisfies Record<
  string,
  Family
>;
export type FamilyAlias = keyof typeof FAMILY_ALIASES;

export const familyNamed = (name: Family | FamilyAlias): Family =>
  name in FAMILY_ALIASES ? FAMILY_ALIASES[name as FamilyAlias] : (name as Family);

/** Parameters of a family beside eta: standard deviation, degrees of freedom, precision. */
export type FamilyParameter = "sigma" | "nu" | "phi";

/** Numbers from 0 to 1, both excluded, and standard normal ones. */
export interface RandomNumbers {
  uniform(): number;
  normal(): number;
}

/**
 * One family: what a row contributes to the log likelihood, and what follows for predictions. `aux` holds the family's parameters
 * in their own units: first those of `parameters`, then, for `cumulative`, the thresholds in rising order. `trials` counts for
 * binomial alone.
 */
export interface FamilyDefinition {
  readonly parameters: readonly FamilyParameter[];
  readonly link: "identity" | "logit";
  /** Whether responses are whole numbers or categories. */
  readonly discrete: boolean;
  /** Log density or log probability of y, normalising constants included. */
  logLik(y: number, eta: number, aux: ArrayLike<number>, trials: number): number;
  /**
   * The same, with its derivatives: out[0] in eta, out[1 + k] in aux[k].
   * Source of each: the derivative of `logLik`; a test compares them by finite differences.
   */
  logLikAndSlopes(y: number, eta: number, aux: ArrayLike<number>, trials: number, out: Float64Array): number;
  /** Expected response: a probability for bernoulli, a count for binomial, the mean category (1 to K) for cumulative. */
  mean(eta: number, aux: ArrayLike<number>, trials: number): number;
  /** Variance of the response around that mean; infinite or NaN where there is none. */
  variance(eta: number, aux: ArrayLike<number>, trials: number): number;
  /** A response drawn at random. */
  draw(eta: number, aux: ArrayLike<number>, trials: number, random: RandomNumbers): number;
}
