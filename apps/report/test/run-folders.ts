import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Draws, diagnose, type RunManifest, randomStream, summarize } from "@bridgewise/core";
import { writeRunFolder } from "@bridgewise/core/node";
import { makeRun } from "./runs.ts";

/** Made-up draws, from counted random numbers. */
export function makeDraws(variables: readonly string[], chains = 2, draws = 50, seed = 1): Draws {
  const random = randomStream(seed, "made-up draws");
  const values = Float64Array.from({ length: variables.length * chains * draws }, () => random.normal());
  return { variables, chains, draws, values };
}

/** Writes a run folder of some draws, marked as simulated. */
export async function writeRun(
  dir: string,
  draws: Draws,
  change: Partial<RunManifest> = {},
): Promise<string> {
  const { manifest, summary } = makeRun("all");
  const variables = summarize(draws);
  const size = { chains: draws.chains, draws: draws.draws };
  await writeRunFolder(dir, {
    manifest: { ...manifest, ...size, groups: [], ...change },
    summary: { ...summary, ...size, variables },
    diagnostics: diagnose({
      summaries: variables,
      divergences: 0,
      stepSize: 0.5,
      acceptance: 0.8,
      gradientsPerDraw: 3,
      chains: draws.chains,
      drawsPerChain: draws.draws,
    }),
    draws,
  });
  return dir;
}

/** Writes JSON, its folder too. */
export function writeJson(dir: string, name: string, value: unknown): void {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, name), JSON.stringify(value));
}
