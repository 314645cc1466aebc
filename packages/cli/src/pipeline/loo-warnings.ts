import type { Loo, Model } from "@bridgewise/core";

/** Mean rows of a group's levels below which an observation left out may take most of what is known of its level with it. */
const FEW_ROWS_A_LEVEL = 5;
/** Fits without one observation that are worth offering. */
const MOST_OFFERED = 50;

/** What makes the figures doubtful, each with the way out. */
export function looWarnings(dir: string, model: Model, loo: Loo, waicUnreliable: number): string[] {
  const warnings: string[] = [];
  const bad = loo.pointwise.k.reduce((n, k) => n + (k > loo.threshold ? 1 : 0), 0);
  const share = (n: number): string => `${n.toLocaleString("en")} (${percent(n / loo.rows)})`;
  if (bad > 0) {
    const many = bad > MOST_OFFERED;
    const finest = finestGroup(model);
    const few = finest !== undefined && model.rows / finest.levels.length < FEW_ROWS_A_LEVEL;
    const because = few
      ? ` Groups of '${finest.name}' have ${(model.rows / finest.levels.length).toFixed(1)} rows on average, so an observation that is left out takes much of what is known of its group with it.`
      : "";
    const byGroup = few ? ` --by ${quoted(finest.name)}` : "";
    const wayOut = many
      ? `leave out many rows at a time: bridgewise kfold ${dir} --k 10${byGroup}`
      : `fit again without each of them: bridgewise loo ${dir} --reloo${few ? `; or leave whole groups out: bridgewise kfold ${dir} --k 10${byGroup}` : ""}`;
    warnings.push(
      `${share(bad)} of the observations have a Pareto k above ${loo.threshold.toFixed(2)}: their elpd_loo, and so the sums, cannot be trusted.${because} Way out: ${wayOut}`,
    );
  }
  if (waicUnreliable > 0)
    warnings.push(
      `${share(waicUnreliable)} p_waic estimates are greater than 0.4: use elpd_loo instead of WAIC`,
    );
  return warnings;
}

/** The group with the most levels. */
function finestGroup(model: Model): Model["groups"][number] | undefined {
  return model.groups.toSorted((a, b) => b.levels.length - a.levels.length)[0];
}

const percent = (x: number): string => `${(100 * x).toFixed(x < 0.01 ? 2 : 1)}%`;

/** A name as a shell takes it. */
const quoted = (name: string): string => (/^[\w:.-]+$/.test(name) ? name : `'${name}'`);
