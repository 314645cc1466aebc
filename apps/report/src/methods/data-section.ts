import type { ReportData } from "../report-data.ts";
import { whole } from "../rounding.ts";
import { type MethodsSection, paragraph } from "./document.ts";
import { fitNames, grouped } from "./fits.ts";

/** What was analysed, and by which hashes it is known. */
export function dataSection(data: ReportData): MethodsSection {
  const { flow, runs, results } = data;
  const fitted = runs.filter(({ manifest }) => !manifest.imported);
  const first = flow?.steps[0];
  const last = flow?.steps.at(-1);
  const prism = flow?.steps.some(({ step }) => step === "PRISM") === true;
  const simulated = runs.some(({ manifest }) => manifest.simulated) || results?.simulated === true;
  const files = grouped(fitted, ({ manifest: { data: d } }) => ({
    file: d.file,
    sha256: d.sha256,
    rows: d.rows,
  }));
  return {
    heading: "Data",
    blocks: [
      paragraph(
        simulated &&
          "The data of this report are SIMULATED: ratings, texts and scores were made by a program with known coefficients, and nothing here says anything about people.",
        first &&
          last &&
          `Of ${whole(first.responses)} responses in ${whole(first.conversations)} conversations of ${whole(first.users)} users${prism ? `${simulated ? ", nested as in PRISM" : " in PRISM"} ({prism})` : ""}, ${whole(last.responses)} in ${whole(last.conversations)} conversations of ${whole(last.users)} users were analysed. Rows were dropped in these steps: ${flow!.steps
            .slice(1)
            .map(({ step, reason, dropped }) => `${step} (${reason}; ${whole(dropped.responses)} responses)`)
            .join(", ")}.`,
        results &&
          `The analyses are those of the plan ${results.plan.file}${results.source ? `, after ${results.source}` : ""}.`,
        "Rows with a missing value in a variable of a formula are left out of that fit.",
      ),
      ...(files.length > 0
        ? [
            {
              kind: "table",
              caption: "Files that were analysed",
              columns: ["File", "Rows", "Fits", "SHA-256"],
              rows: files.map(({ value, runs: own }) => [
                value.file,
                whole(value.rows),
                fitNames(own, data),
                value.sha256,
              ]),
            } as const,
          ]
        : []),
    ],
  };
}
