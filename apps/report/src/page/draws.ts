import type { Draws } from "@bridgewise/core";
import type { DrawsBlock } from "../draws/block.ts";
import { decodeDraws } from "../draws/decode.ts";
import { unpackDraws } from "../draws/unpack.ts";
import type { ReportRun, RunDraws } from "../report-data.ts";

declare global {
  interface Window {
    /** By run, as the scripts of draws hand them over. */
    __BRIDGEWISE_DRAWS__?: Map<string, DrawsBlock>;
  }
}

const loaded = new Map<string, Promise<Draws>>();

/** Whether any draws of a run are at hand, in the page or beside it. */
export const hasDraws = ({ draws }: ReportRun): boolean => (draws?.variables.length ?? 0) > 0;

/** Whether a run's draws are here in 16 bits each. */
export const areRounded = ({ draws }: ReportRun): boolean => draws?.packed?.precision === "rounded";

/** A run's draws, float64 as the sampler wrote them unless they are rounded; fetched from beside the page when they are first asked for. */
export function drawsOf(run: ReportRun): Promise<Draws> {
  const known = loaded.get(run.id);
  if (known) return known;
  const promise = load(run);
  loaded.set(run.id, promise);
  // the file may be put in its place and be asked for again
  promise.catch(() => loaded.delete(run.id));
  return promise;
}

async function load({ id, draws }: ReportRun): Promise<Draws> {
  if (draws?.packed) return unpacked(draws, draws.packed);
  const here = (): DrawsBlock | undefined => window.__BRIDGEWISE_DRAWS__?.get(id);
  if (!here() && draws?.script) await runScript(draws.script);
  const block = here();
  if (!block)
    throw new Error(
      draws?.script
        ? `its draws cannot be loaded: ${draws.script} is not beside this page; copy the report's whole folder`
        : "its draws are not in this file",
    );
  const decoded = decodeDraws(block);
  // the text is three times as large as what it says
  window.__BRIDGEWISE_DRAWS__?.delete(id);
  return decoded;
}

async function unpacked(
  { chains, draws, variables }: RunDraws,
  { element, precision }: NonNullable<RunDraws["packed"]>,
): Promise<Draws> {
  const size = chains * draws;
  const values = new Float64Array(variables.length * size);
  const lines = document.getElementById(element)?.textContent?.split("\n") ?? [];
  for (const [v, line] of lines.entries()) values.set(await unpackDraws(line, precision), v * size);
  return { chains, draws, variables, values };
}

/** Pages opened from disk may not fetch, but may run scripts that stand beside them. */
function runScript(source: string): Promise<void> {
  return new Promise((resolve) => {
    const script = document.createElement("script");
    script.src = source;
    // what is missing shows by what did not arrive
    script.onload = script.onerror = () => {
      script.remove();
      resolve();
    };
    document.head.append(script);
  });
}

/** Draws as CSV: chain, iteration, then the variables, each number with all of its digits. */
export function drawsCsv(
  { chains, draws, variables, values }: Draws,
  quote: (text: string) => string,
): string {
  const size = chains * draws;
  const lines = [["chain", "iteration", ...variables.map(quote)].join(",")];
  for (let i = 0; i < size; i++) {
    const cells = variables.map((_, v) => values[v * size + i]);
    lines.push(`${Math.floor(i / draws) + 1},${(i % draws) + 1},${cells.join(",")}`);
  }
  return `${lines.join("\n")}\n`;
}
