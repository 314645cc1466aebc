import { cpus, totalmem } from "node:os";
import { checkBuild } from "./check-build.ts";
import { run } from "./command.ts";
import { placeOf, readRecord } from "./engine-record.ts";

/** Whether an engine can be used here, and how fast it is. */
export interface EngineStatus {
  readonly usable: boolean;
  /** Where it is not usable: why, and what to do. */
  readonly why: string | null;
  readonly remedy: string | null;
  readonly versions: Readonly<Record<string, string>>;
  readonly device: string | null;
  /** Of the device, in bytes. */
  readonly memory: number | null;
  /** Gradients of one chain; null where it was not measured. */
  readonly gradientsPerSecond: number | null;
}

export const unusable = (
  why: string,
  remedy: string,
  versions: Record<string, string> = {},
): EngineStatus => ({
  usable: false,
  why,
  remedy,
  versions,
  device: null,
  memory: null,
  gradientsPerSecond: null,
});

/** Runs the native engine's known program and a speed test in a process of its own. */
export async function engineStatus(engine: "native" | "cuda", seconds: number): Promise<EngineStatus> {
  const command = `bridgewise engine build${engine === "cuda" ? " --gpu" : ""}`;
  const card = engine === "cuda" ? await graphicsCard() : null;
  if (engine === "cuda" && card === null)
    return unusable("no NVIDIA card or driver (nvidia-smi finds none)", `on a machine with one: ${command}`);
  const records = await Promise.all(
    (engine === "cuda" ? (["gpu"] as const) : (["cpu", "gpu"] as const)).map(readRecord),
  );
  const record = records.find((r) => typeof r !== "string");
  if (record === undefined || typeof record === "string")
    return unusable(String(records[0]), `run '${command}'`);
  const { tensorflow, tfjs } = record.versions;
  const versions = { tensorflow, "tfjs-node": tfjs };
  try {
    const report = await checkBuild(engine, placeOf(record), { seconds });
    return {
      usable: true,
      why: null,
      remedy: null,
      versions,
      device: card?.name ?? cpus()[0]?.model ?? "CPU",
      memory: card?.memory ?? totalmem(),
      gradientsPerSecond: report.gradientsPerSecond,
    };
  } catch (error) {
    return unusable((error as Error).message, `run '${command} --force'`, versions);
  }
}

/** The first card that the driver lists. */
async function graphicsCard(): Promise<{ name: string; memory: number } | null> {
  const finished = await run("nvidia-smi", [
    "--query-gpu=name,memory.total",
    "--format=csv,noheader,nounits",
  ]);
  const [name, mebibytes] = finished.stdout.split("\n")[0]?.split(", ") ?? [];
  return finished.status === 0 && name && mebibytes ? { name, memory: Number(mebibytes) * 2 ** 20 } : null;
}
