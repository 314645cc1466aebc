import { readFileSync } from "node:fs";
import type { Draws } from "../../src/posterior/index.ts";

const folder = new URL("../../../../fixtures/hypothesis/", import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), "utf8").trim();

/** A column a variable, as one chain. */
export function readDrawsTable(name: string): Draws {
  const [head, ...lines] = read(name).split("\n");
  const variables = head!.startsWith('"') ? head!.slice(1, -1).split('","') : head!.split(",");
  const rows = lines.map((line) => line.split(",").map(Number));
  return {
    variables,
    chains: 1,
    draws: rows.length,
    values: Float64Array.from(variables.flatMap((_, v) => rows.map((row) => row[v]!))),
  };
}

/** A row of brms's table; "Inf" and "NA" are texts. */
export interface BrmsRow {
  readonly text: string;
  readonly class: string;
  readonly Hypothesis: string;
  readonly Estimate: number;
  readonly "Est.Error": number;
  readonly "CI.Lower": number;
  readonly "CI.Upper": number;
  readonly "Evid.Ratio": number | string;
  readonly "Post.Prob": number | string;
  readonly Star: string;
}

export interface NamedReference {
  readonly savage_dickey: Readonly<Record<string, number>>;
  readonly alpha05: readonly BrmsRow[];
  readonly alpha10_robust: readonly BrmsRow[];
  readonly densities: Readonly<
    Record<
      string,
      {
        readonly values: readonly number[];
        readonly bandwidth: number;
        readonly at: readonly number[];
        readonly density: readonly number[];
      }
    >
  >;
  readonly spline: Readonly<Record<"x" | "y" | "at" | "value", readonly number[]>>;
  readonly pnorm: Readonly<Record<"x" | "p", readonly number[]>>;
}

export const readNamed = (): NamedReference => JSON.parse(read("named.json"));

export function readPaper(): {
  readonly alpha05: readonly BrmsRow[];
  readonly alpha01_robust: readonly BrmsRow[];
} {
  return JSON.parse(read("paper.json"));
}
