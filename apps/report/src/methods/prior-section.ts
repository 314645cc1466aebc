import type { ReportData, ReportRun } from "../report-data.ts";
import { type MethodsSection, paragraph } from "./document.ts";
import { fitNames } from "./fits.ts";

/** Every prior in force, parameters with the same prior together. */
export function priorSection(data: ReportData): MethodsSection {
  const rows = new Map<string, { parameter: string; prior: string; runs: ReportRun[] }>();
  for (const run of data.runs)
    for (const { parameter, prior } of priorsOf(run)) {
      const key = `${parameter}\n${prior}`;
      const row = rows.get(key);
      if (row) row.runs.push(run);
      else rows.set(key, { parameter, prior, runs: [run] });
    }
  return {
    heading: "Priors",
    blocks: [
      paragraph(
        "Predictors are centred at their means while sampling: the prior of the intercept is that of the centred one, and what is reported is the intercept at predictors of 0. Priors of standard deviations are those of their positive half. Where a plan or a user says nothing, priors are brms's defaults ({brms}): flat for coefficients; for the intercept Student-t with 3 degrees of freedom, its location the response's median and its scale the response's median absolute deviation, 2.5 at least (0 and 2.5 on the logit scale); for standard deviations the same around 0.",
      ),
      {
        kind: "table",
        caption: "Priors in force",
        columns: ["Parameter", "Prior", "Fits"],
        rows: [...rows.values()].map(({ parameter, prior, runs }) => [
          parameter,
          prior,
          fitNames(runs, data),
        ]),
      },
    ],
  };
}

/** Of a run: coefficients that all share a prior are told as `b`, standard deviations as `sd`. */
function priorsOf({ manifest: { priors } }: ReportRun): { parameter: string; prior: string }[] {
  const entries = Object.entries(priors);
  const folded = ["b_", "sd_", "cor_"].flatMap((start) => {
    const own = entries.filter(([name]) => name.startsWith(start));
    const same = own.length > 1 && own.every(([, prior]) => prior === own[0]![1]);
    return same ? [{ start, prior: own[0]![1] }] : [];
  });
  const others = entries.filter(([name]) => !folded.some(({ start }) => name.startsWith(start)));
  return [
    ...others.map(([parameter, prior]) => ({ parameter, prior })),
    ...folded.map(({ start, prior }) => ({ parameter: `every ${start}`, prior })),
  ].sort((a, b) => order(a.parameter) - order(b.parameter));
}

const order = (name: string): number => {
  const at = ["Intercept", "b_", "every b_", "sd_", "every sd_"].findIndex((start) => name.startsWith(start));
  return at < 0 ? 9 : at;
};
