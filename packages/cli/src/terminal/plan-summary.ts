import type { PlanResults, TableRow } from "@bridgewise/core";
import type { PlanTaskResult } from "../pipeline/plan-task.ts";
import { duration } from "./progress.ts";
import { alignColumns, WIDTH } from "./table.ts";
import { wrap } from "./wrap.ts";

/** Rows of the table of differences. */
const SHOWN = 10;
/** Combined standard errors from which on a row is marked. */
const FAR = 3;

/** What a plan found, for a terminal: its fits, what differs most from the published rows, what was left out. */
export function planSummary(results: PlanResults, fits: readonly PlanTaskResult[]): string {
  return [
    ...(results.simulated ? ["SIMULATED data: nothing here says anything about people or models.", ""] : []),
    fitTable(fits),
    ...results.skipped.map(({ id, reason }) => `Left out: ${id}: ${reason}`).flatMap(wrapped),
    "",
    ...differences(results.rows),
    ...results.comparisons.flatMap(({ title, elpd_diff, se_diff, published }) =>
      wrapped(
        `${title}: elpd difference ${elpd_diff.toFixed(1)} (SE ${se_diff.toFixed(1)})${published ? `, published ${published.elpd_diff} (${published.se_diff})` : ""}`,
      ),
    ),
    ...multiplicity(results),
    ...(results.recovery === null ? [] : wrapped(recovered(results.recovery))),
    `Time: ${results.phases.map(({ phase, seconds }) => `${phase} ${duration(seconds)}`).join(", ")}`,
  ].join("\n");
}

const wrapped = (text: string): string[] => wrap(text, WIDTH, "  ");

function fitTable(fits: readonly PlanTaskResult[]): string {
  return alignColumns([
    ["Fit", "Rows", "Time", "R-hat", "* and †", "Warnings"],
    ...fits.map(({ result, rhat, rows }) => [
      result.id,
      result.rows.toLocaleString("en"),
      `${duration(result.seconds)}${result.cached ? " (as was)" : ""}`,
      rhat?.toFixed(3) ?? "NA",
      `${rows.filter(({ ours }) => ours.star !== "").length} of ${rows.length}`,
      result.warnings.length === 0 ? "" : String(result.warnings.length),
    ]),
  ]);
}

function differences(rows: readonly TableRow[]): string[] {
  const beside = rows.filter(({ difference_se: difference }) => difference !== null);
  if (beside.length === 0) return [];
  const sorted = beside.toSorted((a, b) => Math.abs(b.difference_se!) - Math.abs(a.difference_se!));
  const far = beside.filter(({ difference_se: difference }) => Math.abs(difference!) > FAR).length;
  return [
    `Beside ${beside.length} published rows; ${far} differ by more than ${FAR} combined standard errors. The furthest:`,
    alignColumns(
      [
        ["Fit", "Term", "Published", "SE", "Ours", "SE", "Difference/SE"],
        ...sorted
          .slice(0, SHOWN)
          .map(({ fit, term, published, ours, difference_se: difference }) => [
            fit,
            term,
            ...[published!.estimate, published!.est_error, ours.estimate, ours.est_error].map((x) =>
              x.toFixed(3),
            ),
            difference!.toFixed(1),
          ]),
      ],
      2,
    ),
    "",
  ];
}

function multiplicity({ multiplicity: m }: PlanResults): string[] {
  if (m.hypotheses === 0) return [];
  return wrapped(
    `Of ${m.hypotheses} one-sided hypotheses ${m.starred} are marked * (evidence ratio above 100) and ${m.daggered} † (above 10); ` +
      `if no coefficient differed from 0, about ${m.starred_by_chance.toFixed(1)} would be marked * and ${m.marked_by_chance.toFixed(1)} * or † by chance. ` +
      `Signs expected to be wrong among the *: ${m.expected_sign_errors.toFixed(2)}.`,
  );
}

const recovered = ({ inside, count }: { readonly inside: number; readonly count: number }): string =>
  `90% intervals that hold the simulated truth: ${inside} of ${count} (${Math.round((100 * inside) / count)}%; fits share rows, so these are not independent)`;
