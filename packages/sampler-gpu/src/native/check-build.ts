import { fileURLToPath } from "node:url";
import { type Finished, lastWords, run } from "./command.ts";
import { EngineError } from "./engine-error.ts";
import type { BuildPlace } from "./engine-record.ts";
import { explainLoad } from "./load-tensorflow.ts";

export interface CheckReport {
  readonly tensorflow: string;
  readonly device: "CPU" | "GPU";
  /** Largest error of the known program, op by op and compiled. */
  readonly errors: { readonly eager: number; readonly compiled: number };
  /** Of the speed test, compiled; null where none was asked for. */
  readonly gradientsPerSecond: number | null;
}

/** Values of about 1 after a handful of float32 operations. */
const TOLERANCE = 1e-5;

/** Runs a known program on a build in a process of its own, and a speed test of so many seconds. */
export async function checkBuild(
  engine: "native" | "cuda",
  place: BuildPlace,
  { seconds = 0, signal }: { seconds?: number; signal?: AbortSignal | undefined } = {},
): Promise<CheckReport> {
  // run from source, the program is TypeScript too
  const source = import.meta.url.endsWith(".ts");
  const script = fileURLToPath(new URL(`./check.${source ? "ts" : "js"}`, import.meta.url));
  const args = [
    ...(source ? ["--conditions=@bridgewise/source"] : []),
    script,
    engine,
    JSON.stringify(place),
    String(seconds),
  ];
  const finished = await run(process.execPath, args, { signal });
  const report = finished.status === 0 ? parse(finished.stdout) : null;
  if (!report) throw checkFailure(finished, engine);
  for (const [mode, error] of Object.entries(report.errors))
    if (!(error < TOLERANCE))
      throw new EngineError(
        `the engine computes wrongly: a known program, run ${mode}, is off by ${error}; take another TensorFlow (2.18 to 2.21) with --tensorflow`,
      );
  return report;
}

function parse(stdout: string): CheckReport | null {
  try {
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as CheckReport;
  } catch {
    return null;
  }
}

function checkFailure(finished: Finished, engine: "native" | "cuda"): EngineError {
  const said = finished.stderr.split("\n").find((line) => /EngineError: /.test(line));
  if (said) return new EngineError(said.replace(/^.*EngineError: /, "").trim());
  if (finished.signal === "SIGILL")
    return new EngineError(
      "TensorFlow stopped on an instruction that this processor lacks (AVX): it cannot run here",
    );
  const how = finished.signal === null ? `status ${finished.status}` : finished.signal;
  return new EngineError(
    `the engine broke on a known program (${how}): ${explainLoad(lastWords(finished), engine)}`,
  );
}
