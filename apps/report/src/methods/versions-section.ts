import type { ReportData } from "../report-data.ts";
import { type MethodsSection, paragraph } from "./document.ts";
import { fitNames, grouped } from "./fits.ts";

/** Programs and their versions, and the hashes by which a run is known. */
export function versionsSection(data: ReportData): MethodsSection {
  const { runs, results, version } = data;
  const programs = grouped(runs, ({ manifest: m }) => ({ bridgewise: m.bridgewise, node: m.node }));
  return {
    heading: "Software",
    blocks: [
      paragraph(
        `This report was made by bridgewise ${version} from the fits' folders alone.`,
        results && `The plan, ${results.plan.file}, has the SHA-256 ${results.plan.sha256}.`,
        "A fit's hash is that of all that decides its draws: the same hash, the same draws.",
      ),
      {
        kind: "table",
        caption: "Versions",
        columns: ["bridgewise", "Node", "Fits"],
        rows: programs.map(({ value, runs: own }) => [value.bridgewise, value.node, fitNames(own, data)]),
      },
      {
        kind: "table",
        caption: "Fits and their hashes",
        columns: ["Fit", "Made", "Hash"],
        rows: runs.map(({ id, manifest }) => [id, manifest.created, manifest.hash ?? "–"]),
      },
    ],
  };
}
