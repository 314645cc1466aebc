import type { RunManifest } from "../run/run.ts";

/** What stands on every export of a run on simulated data that has room for it. */
export const SIMULATED = "SIMULATED data";

/** A run in a few lines: what it is, formula and family, rows, draws. For comments and metadata. */
export function describeRun(manifest: RunManifest): string[] {
  const { label, formula, family, data, simulated } = manifest;
  return [
    ...(simulated ? [`${SIMULATED}: not results about people`] : []),
    `label: ${label}`,
    `formula: ${formula}`,
    `family: ${family}`,
    `data: ${data.file}${isImported(manifest) ? "" : `, ${whole(data.rows_used)} rows`}`,
    drawsOf(manifest),
  ];
}

/** `4 chains of 1,000 draws after 200 of warm-up`. */
export function drawsOf({ chains, draws, warmup }: RunManifest): string {
  return `${chains} ${chains === 1 ? "chain" : "chains"} of ${whole(draws)} draws${warmup > 0 ? ` after ${whole(warmup)} of warm-up` : ""}`;
}

/** The same as names and values, for formats that have those. */
export function runAttributes(manifest: RunManifest): Map<string, string> {
  return new Map([
    ["inference_library", "bridgewise"],
    ["inference_library_version", manifest.bridgewise],
    ["created_at", manifest.created],
    ["label", manifest.label],
    ["formula", manifest.formula],
    ["family", manifest.family],
    ["data_sha256", manifest.data.sha256],
    ...(manifest.simulated ? ([["simulated", SIMULATED]] as const) : []),
  ]);
}

/** Whether the draws are another program's. */
export const isImported = (manifest: RunManifest): boolean => manifest.imported !== undefined;

/** A whole number with thousands apart, the same in every locale. */
export const whole = (value: number): string => value.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ",");
