import { join } from "node:path";
import { InputError } from "../input-error.ts";
import { type SimulateOptions, simulatedFiles, simulatePrism, type Truth } from "../simulate/index.ts";
import { SIMULATED_MARK } from "./prism.ts";
import { writeFiles } from "./staged-files.ts";
import { isThere } from "./text-file.ts";

export interface SimulateRequest extends SimulateOptions {
  /** Folder for the files. */
  readonly out: string;
}

export interface SimulateResult {
  /** Users with conversations. */
  readonly users: number;
  readonly conversations: number;
  /** Rated responses of all turns. */
  readonly responses: number;
  readonly truth: Truth;
}

/**
 * Writes a data set in PRISM's format with known coefficients: survey, conversations, utterances and
 * metadata.jsonl, scores.csv, and SIMULATED.json with the truth. Never over PRISM's own files.
 */
export async function writeSimulatedPrism({ out, ...options }: SimulateRequest): Promise<SimulateResult> {
  const data = simulatePrism(options);
  const files = simulatedFiles(data);
  if (!(await isThere(join(out, SIMULATED_MARK)))) {
    for (const { name } of files) {
      const file = join(out, name);
      if (await isThere(file)) {
        throw new InputError(
          `is there and not simulated (no ${SIMULATED_MARK} beside it); choose another folder`,
          { file },
        );
      }
    }
  }
  await writeFiles(out, files);
  const { conversations, truth } = data;
  const turns = conversations.flatMap((conversation) => conversation.turns);
  return {
    users: new Set(conversations.map((conversation) => conversation.user_id)).size,
    conversations: conversations.length,
    responses: turns.reduce((sum, turn) => sum + turn.responses.length, 0),
    truth,
  };
}
