import { readFileSync } from "node:fs";
import { parseValue, readLongDraws } from "./fixture.ts";

type Printed = number | "NA" | "NaN" | "Inf" | "-Inf";

export interface MoreReference {
  readonly probs: readonly number[];
  readonly draws: Readonly<Record<string, Readonly<Record<string, Printed | readonly Printed[]>>>>;
  readonly energies: Readonly<
    Record<string, { readonly energy: readonly number[]; readonly ebfmi: Printed }>
  >;
}

export const printed = (value: Printed): number => (typeof value === "number" ? value : parseValue(value));

/** more.json: what make.R adds to the reference. */
export function readMore(): MoreReference {
  const file = new URL("../../../../fixtures/diagnostics/more.json", import.meta.url);
  return JSON.parse(readFileSync(file, "utf8"));
}

/** The draws of each set, [chains][draws], which draws.csv or more.json itself holds. */
export function drawsOf({ draws }: MoreReference): Map<string, { x: Float64Array; chains: number }> {
  const long = readLongDraws();
  const size = long.chains * long.draws;
  return new Map(
    Object.entries(draws).map(([name, { values, chains }]) => {
      const v = long.variables.indexOf(name);
      const x =
        values === undefined
          ? long.values.slice(v * size, (v + 1) * size)
          : Float64Array.from(values as readonly Printed[], printed);
      return [name, { x, chains: chains as number }];
    }),
  );
}
