import type { PrismCheck, PrismCount } from "@bridgewise/core";
import { alignColumns } from "./table.ts";

/** The files' numbers beside the published ones. */
export function prismCountTable(counts: readonly PrismCount[]): string {
  const n = (value: number | null): string => value?.toLocaleString("en") ?? "";
  const rows = counts.map(({ what, file, source, published, found, status }) => [
    `${file}.jsonl`,
    what,
    source ?? "",
    n(published),
    n(found),
    status,
  ]);
  return alignColumns([["File", "Number of", "Source", "Published", "Here", ""], ...rows], 3);
}

/** What of simulated data is compared. */
export const SIMULATED_NOTE =
  "SIMULATED data: of later turns, answers to the survey and metadata only the form is compared; counts at full size alone.";

/** The result in a sentence. */
export function prismVerdict(dir: string, { agrees, differences }: PrismCheck): string {
  if (agrees) return `${dir}: agrees with PRISM's codebook and counts.`;
  const n = differences.length;
  const named = n === 1 ? "1 difference" : `${n.toLocaleString("en")} differences`;
  return `${dir}: ${named} from PRISM as published`;
}
