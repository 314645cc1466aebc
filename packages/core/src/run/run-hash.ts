import { sha256Hex } from "../scores/sha256.ts";

/** All that decides a run's draws, and what is known of them: not threads, label, folder or date, which do not. */
export interface RunInputs {
  /** The version: another one may draw otherwise. */
  readonly bridgewise: string;
  /** SHA-256 of the data file, and of what `simulate` left beside it. */
  readonly data: string;
  readonly simulated: string | null;
  readonly formula: string;
  readonly family: string;
  /** As given; those by default follow from the data and the version. */
  readonly priors: readonly string[];
  /** [column, value] of the rows that are kept. */
  readonly where: readonly [string, string] | null;
  /** [new, old] names of columns. */
  readonly rename: readonly (readonly [string, string])[];
  readonly chains: number;
  readonly warmup: number;
  readonly draws: number;
  readonly seed: number;
  readonly engine: string;
  readonly precision: string;
  readonly parametrisation: string;
}

/** SHA-256, hex, of the inputs in a fixed order. */
export function runHash(inputs: RunInputs): string {
  const keys = Object.keys(inputs).sort() as (keyof RunInputs)[];
  return sha256Hex(JSON.stringify(keys.map((key) => [key, inputs[key]])));
}
