import { didYouMean } from "../frame/near-names.ts";
import { InputError } from "../input-error.ts";
import type { Prior } from "./prior.ts";

export const PRIOR_CLASSES = ["b", "Intercept", "sd", "sigma"] as const;
export type PriorClass = (typeof PRIOR_CLASSES)[number];

/** What one line such as `b[x] ~ normal(0, 1)` says. */
export interface PriorStatement {
  readonly text: string;
  readonly class: PriorClass;
  /** The coefficient of `b`, or the group of `sd`, in brackets; absent for the whole class. */
  readonly of?: string;
  readonly prior: Prior;
}

interface Distribution {
  readonly arguments: readonly string[];
  /** Arguments that must be above 0. */
  readonly positive: readonly string[];
  readonly build: (...values: number[]) => Prior;
}

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
  exponential: {
    arguments: ["rate"],
    positive: ["rate"],
    build: (rate) => ({ kind: "exponential", rate: rate! }),
  },
  flat: { arguments: [], positive: [], build: () => ({ kind: "flat" }) },
};

const STATEMENT = /^\s*([A-Za-z_]\w*)\s*(?:\[(.*)\])?\s*~\s*([A-Za-z_]\w*)\s*\((.*)\)\s*$/s;

/** An InputError about a prior statement: `prior: the scale must be above 0, found -1: 'sd ~ cauchy(0, -1)'`. */
export function priorError(text: string, message: string): InputError {
  return new InputError(`${message}: '${text.replace(/\s+/g, " ").trim()}'`, { file: "prior" });
}

/**
 * Parses `class ~ distribution(numbers)` or `class[name] ~ distribution(numbers)`. Classes: b, Intercept, sd, sigma;
 * distributions: normal(mean, sd), student_t(df, location, scale), cauchy(location, scale), exponential(rate), flat().
 */
export function parsePrior(text: string): PriorStatement {
  const parts = STATEMENT.exec(text);
  if (parts === null) throw priorError(text, "write a prior as b ~ normal(0, 1) or sd[group] ~ cauchy(0, 2)");
  const [, name, of, distribution, args] = parts as unknown as [
    string,
    string,
    string | undefined,
    string,
    string,
  ];
  const parsedClass = parseClass(text, name);
  if (of !== undefined && (parsedClass === "Intercept" || parsedClass === "sigma"))
    throw priorError(text, `${parsedClass} is one parameter; leave out [${of}]`);
  if (of !== undefined && of.trim() === "") throw priorError(text, `[] names no parameter; leave it out`);
  const prior = parseDistribution(text, distribution, args);
  if (prior.kind === "exponential" && (parsedClass === "b" || parsedClass === "Intercept"))
    throw priorError(
      text,
      `an exponential prior allows positive values alone, and ${parsedClass} can be negative; use normal() or student_t()`,
    );
  return { text, class: parsedClass, ...(of !== undefined && { of: of.trim() }), prior };
}

function parseClass(text: string, name: string): PriorClass {
  const found = PRIOR_CLASSES.find((known) => known === name);
  if (found !== undefined) return found;
  const coefficient = /^b_(.+)$/.exec(name)?.[1];
  const group = /^sd_(.+?)(?:__Intercept)?$/.exec(name)?.[1];
  const hint =
    name === "b_Intercept"
      ? "write Intercept; "
      : coefficient !== undefined
        ? `write b[${coefficient}]; `
        : group !== undefined
          ? `write sd[${group}]; `
          : didYouMean(name, PRIOR_CLASSES);
  throw priorError(text, `no class '${name}'; ${hint}the classes are ${PRIOR_CLASSES.join(", ")}`);
}

function parseDistribution(text: string, name: string, args: string): Prior {
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
      `${name}(${wanted.join(", ")}) takes ${wanted.length} numbers, found ${given.length}`,
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
