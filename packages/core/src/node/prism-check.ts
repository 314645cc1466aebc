import { join } from "node:path";
import { InputError } from "../input-error.ts";
import { checkPrism, PRISM_FILES, type PrismCheck, type PrismFileName } from "../prism/index.ts";
import { parseJsonLine } from "../scores/json-line.ts";
import { checkFolder, DOWNLOAD, readIfThere, SIMULATED_MARK } from "./prism.ts";
import { isThere, readText } from "./text-file.ts";

/**
 * Compares the files of a folder with PRISM's codebook and published counts. A folder with none of them, or a file that is not text, is an
 * InputError.
 */
export async function checkPrismFolder(dir: string): Promise<PrismCheck> {
  await checkFolder(dir);
  const files = await Promise.all(
    PRISM_FILES.map(async (name) => {
      const file = join(dir, `${name}.jsonl`);
      return [name, { file, text: (await isThere(file)) ? readText(file, DOWNLOAD) : null }] as const;
    }),
  );
  if (files.every(([, { text }]) => text === null)) {
    const names = PRISM_FILES.map((name) => `${name}.jsonl`).join(", ");
    throw new InputError(`holds none of ${names}; ${DOWNLOAD}`, { file: dir });
  }
  return checkPrism({
    files: Object.fromEntries(files) as Record<PrismFileName, (typeof files)[number][1]>,
    simulatedScale: await simulatedScale(dir),
  });
}

/** Share of PRISM's users that simulated data have; null for data that are not simulated. */
async function simulatedScale(dir: string): Promise<number | null> {
  const file = join(dir, SIMULATED_MARK);
  const text = await readIfThere(file);
  if (text === null) return null;
  const { scale } = parseJsonLine(text, { file });
  if (typeof scale === "number") return scale;
  throw new InputError(`has no number 'scale'; simulate the data again, or remove it if they are real`, {
    file,
  });
}
