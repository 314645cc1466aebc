import { MARKED_DIFFERENCE, type PlanResults, type TableRow } from "@bridgewise/core";
import type { PlanTaskResult } from "../pipeline/plan-task.ts";
import { duration } from "./progress.ts";
import { alignColumns, WIDTH } from "./table.ts";
import { wrap } from "./wrap.ts";

/** Rows of the table of differences. */
const SHOWN = 10;
/** Explanations of marked rows; the others are in tables.json. */
const EXPLAINED = 5;

/** What a plan found, for a terminal: its fits, what differs most from the published rows, what was left out. */
export function planSummary(results: PlanResults, fits: readonly PlanTaskResult[]): string {
  const { simulated, skipped, rows, comparisons, recovery, phases } = results;
  const blocks = [
    simulated ? ["SIMULATED data: nothing here says anything about people or models."] : [],
    [fitTable(fits)],
    skipped.flatMap(({ id, reason }) => wrap(`Left out: ${id}: ${reason}`, WIDTH, "  ")),
    differences(rows),
    ...explanations(rows),
    ...comparisons.map(({ title, elpd_diff, se_diff, published }) =>
      paragraph(
        `${title}: elpd difference ${elpd_diff.toFixed(1)} (SE ${se_diff.toFixed(1)})${published ? `, published ${published.elpd_diff} (${published.se_diff})` : ""}`,
      ),
    ),
    multiplicity(results),
    recovery === null ? [] : paragraph(recovered(recovery)),
    paragraph(`Time: ${phases.map(({ phase, seconds }) => `${phase} ${duration(seconds)}`).join(", ")}`),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

const paragraph = (text: string): string[] => wrap(text, WIDTH);

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

/** Rows with a published one beside them, the furthest first. */
const furthest = (rows: readonly TableRow[]): TableRow[] =>
  rows
    .filter(({ difference_se: difference }) => difference !== null)
    .sort((a, b) => Math.abs(b.difference_se!) - Math.abs(a.difference_se!));

function differences(rows: readonly TableRow[]): string[] {
  const beside = furthest(rows);
  if (beside.length === 0) return [];
  const far = beside.filter(({ explanation }) => explanation !== null).length;
  return [
    ...paragraph(
      `Beside ${beside.length} published rows: ${far} ${far === 1 ? "differs" : "differ"} by more than ${MARKED_DIFFERENCE} combined standard errors. The furthest:`,
    ),
    alignColumns(
      [
        ["Fit", "Term", "Published", "SE", "Ours", "SE", "Difference/SE"],
        ...beside
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
  ];
}

/** In words, why the furthest rows may differ: a paragraph each. */
function explanations(rows: readonly TableRow[]): string[][] {
  const far = furthest(rows).filter(({ explanation }) => explanation !== null);
  const more = far.length - EXPLAINED;
  return [
    ...far
      .slice(0, EXPLAINED)
      .map(({ fit, term, explanation }) => paragraph(`${term} in ${fit}: ${explanation}`)),
    more > 0 ? [`Explanations of ${more} more are in tables.json.`] : [],
  ];
}

function multiplicity({ multiplicity: m }: PlanResults): string[] {
  if (m.hypotheses === 0) return [];
  return paragraph(
    `Of ${m.hypotheses} one-sided hypotheses ${m.starred} are marked * (evidence ratio above 100) and ${m.daggered} † (above 10); ` +
      `if no coefficient differed from 0, about ${m.starred_by_chance.toFixed(1)} would be marked * and ${m.marked_by_chance.toFixed(1)} * or † by chance. ` +
      `Signs expected to be wrong among the *: ${m.expected_sign_errors.toFixed(2)}.`,
  );
}

const recovered = ({ inside, count }: { readonly inside: number; readonly count: number }): string =>
  `90% intervals that hold the simulated truth: ${inside} of ${count} (${Math.round((100 * inside) / count)}%; fits share rows, so these are not independent)`;
