import type { ReportData } from "../report-data.ts";
import { dataSection } from "./data-section.ts";
import type { MethodsDocument, MethodsSection } from "./document.ts";
import { checkingSection, inferenceSection } from "./inference-section.ts";
import { modelSection } from "./model-section.ts";
import { priorSection } from "./prior-section.ts";
import { citedIn } from "./references.ts";
import { samplingSection } from "./sampling-section.ts";
import { versionsSection } from "./versions-section.ts";

/** The methods of a report, written from its manifests and results in the manner of a paper's supplement. */
export function methodsOf(data: ReportData): MethodsDocument {
  const fitted = data.runs.some(({ manifest }) => !manifest.imported);
  const sections = [
    fitted && dataSection(data),
    fitted && modelSection(data),
    fitted && priorSection(data),
    fitted && samplingSection(data),
    inferenceSection(data),
    checkingSection(data),
    versionsSection(data),
  ].filter((section): section is MethodsSection => section !== false && section !== undefined);
  const texts = sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) => (block.kind === "paragraph" ? [block.text] : [])),
  );
  return { sections, references: [...new Set(texts.flatMap(citedIn))] };
}
