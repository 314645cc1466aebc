import { didYouMean } from "../frame/near-names.ts";
import type { Prior } from "./prior.ts";
import { priorError } from "./prior-error.ts";

interface Distribution {
  readonly arguments: readonly string[];
  /** Arguments that must be above 0. */
  readonly positive: readonly string[];
  readonly build: (...values: number[]) => Prior | LkjPrior;
}

/** Of a correlation matrix: density proportional to its determinant to the power eta - 1. */
export interface LkjPrior {
  readonly kind: "lkj";
  readonly eta: number;
}

/** Stan's distributions of one number, with Stan's arguments, by Stan's names; and brms's `lkj`. */
const DISTRIBUTIONS: Readonly<Record<string, Distribution>> = {
  normal: {
    arguments: ["mean", "sd"],
    positive: ["sd"],
    build: (mean, sd) => ({ kind: "normal", mean: mean!, sd: sd! }),
  },
  student_t: {
    arguments: ["df", "location", "scale"],
    positive: ["df", "scale"],
    build: (df, location, scale) => ({ kind: "student_t", df: df!, location: location!, scale: scale! }),
  },
  cauchy: {
    arguments: ["location", "scale"],
    positive: ["scale"],
    build: (location, scale) => ({ kind: "cauchy", location: location!, scale: scale! }),
  },
  logistic: {
    arguments: ["location", "scale"],
    positive: ["scale"],
    build: (location, scale) => ({ kind: "logistic", location: location!, scale: scale! }),
  },
  double_exponential: {
    arguments: ["location", "scale"],
    positive: ["scale"],
    build: (location, scale) => ({ kind: "double_exponential", location: location!, scale: scale! }),
  },
  exponential: {
    arguments: ["rate"],
    positive: ["rate"],
    build: (rate) => ({ kind: "exponential", rate: rate! }),
  },
  gamma: {
    arguments: ["shape", "rate"],
    positive: ["shape", "rate"],
    build: (shape, rate) => ({ kind: "gamma", shape: shape!, rate: rate! }),
  },
  inv_gamma: {
    arguments: ["shape", "scale"],
    positive: ["shape", "scale"],
    build: (shape, scale) => ({ kind: "inv_gamma", shape: shape!, scale: scale! }),
  },
  lognormal: {
    arguments: ["meanlog", "sdlog"],
    positive: ["sdlog"],
    build: (meanLog, sdLog) => ({ kind: "lognormal", meanLog: meanLog!, sdLog: sdLog! }),
  },
  lkj: { arguments: ["eta"], positive: ["eta"], build: (eta) => ({ kind: "lkj", eta: eta! }) },
  flat: { arguments: [], positive: [], build: () => ({ kind: "flat" }) },
};

/** Kinds whose density is 0 below 0: for parameters that cannot be negative. */
export const POSITIVE_KINDS: ReadonlySet<(Prior | LkjPrior)["kind"]> = new Set([
  "exponential",
  "gamma",
  "inv_gamma",
  "lognormal",
]);

/** `name(arguments)` as a prior; `text` is the statement it stands in, for messages. */
export function parseDistribution(text: string, name: string, args: string): Prior | LkjPrior {
  const distribution = Object.hasOwn(DISTRIBUTIONS, name) ? DISTRIBUTIONS[name] : undefined;
  if (distribution === undefined) {
    const known = Object.keys(DISTRIBUTIONS);
    throw priorError(
      text,
      `no distribution '${name}'; ${didYouMean(name, known)}there are ${known.join(", ")}`,
    );
  }
  const given = args.trim() === "" ? [] : args.split(",").map((arg) => arg.trim());
  const wanted = distribution.arguments;
  if (given.length !== wanted.length)
    throw priorError(
      text,
      `${name}(${wanted.join(", ")}) takes ${wanted.length} ${wanted.length === 1 ? "number" : "numbers"}, found ${given.length}`,
    );
  const values = given.map((arg, k) => {
    const value = arg === "" ? Number.NaN : Number(arg);
    if (!Number.isFinite(value))
      throw priorError(text, `the ${wanted[k]} must be a finite number, found '${arg}'`);
    if (distribution.positive.includes(wanted[k]!) && !(value > 0))
      throw priorError(text, `the ${wanted[k]} must be above 0, found ${arg}`);
    return value;
  });
  return distribution.build(...values);
}
