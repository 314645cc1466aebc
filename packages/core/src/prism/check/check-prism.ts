import type { TextChunks } from "../../scores/text-chunks.ts";
import { checkColumns, type ValueCounts } from "./check-columns.ts";
import { RowChecks } from "./check-rows.ts";
import { CODEBOOK, PRISM_FILES, type PrismFileName } from "./codebook.ts";
import { countFiles, type PrismCount } from "./counts.ts";
import { Differences, type PrismDifference } from "./differences.ts";

export interface PrismCheckInput {
  /** Their names, for messages, and texts; null for one that is not there. */
  readonly files: Readonly<
    Record<PrismFileName, { readonly file: string; readonly text: TextChunks | null }>
  >;
  /** Share of PRISM's users, for data that `simulate` wrote; null for others. */
  readonly simulatedScale: number | null;
}

export interface PrismCheck {
  readonly format: "bridgewise-prism-check/1";
  readonly simulated: boolean;
  /** No difference was found. */
  readonly agrees: boolean;
  readonly differences: readonly PrismDifference[];
  readonly counts: readonly PrismCount[];
}

/** Compares PRISM's files with its codebook, with each other, and with the counts that PRISM and PAPER publish. */
export async function checkPrism({ files, simulatedScale }: PrismCheckInput): Promise<PrismCheck> {
  const differences = new Differences();
  const checks = new RowChecks(differences, (file) => files[file].text !== null);
  const take = {
    survey: checks.survey.bind(checks),
    conversations: checks.conversation.bind(checks),
    utterances: checks.utterance.bind(checks),
    metadata: checks.text.bind(checks),
  };
  const rows: Partial<Record<PrismFileName, number>> = {};
  const values: Partial<Record<PrismFileName, ValueCounts>> = {};
  // In this order: what a row names is in a file before its own.
  for (const name of PRISM_FILES) {
    const { file, text } = files[name];
    if (text === null) {
      differences.add("missing file", { file }, () => "not found");
      continue;
    }
    const found = await checkColumns({ file, text }, CODEBOOK[name], differences, take[name]);
    rows[name] = found.rows;
    values[name] = found.values;
  }
  checks.finish();
  const compare = simulatedScale === null ? "all" : simulatedScale === 1 ? "simulated" : "none";
  const nameOf = (name: PrismFileName): string => files[name].file;
  const counts = countFiles({ rows, values, checks, compare, nameOf }, differences);
  const list = differences.list();
  return {
    format: "bridgewise-prism-check/1",
    simulated: simulatedScale !== null,
    agrees: list.length === 0,
    differences: list,
    counts,
  };
}
