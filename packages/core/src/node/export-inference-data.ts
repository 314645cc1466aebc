import { writeFile } from "node:fs/promises";
import type { Dataset, Group } from "h5wasm/node";
import { runAttributes } from "../export/describe-run.ts";
import { type Axis, type LabelledArray, labelledArrays } from "../export/labelled-arrays.ts";
import { InputError } from "../input-error.ts";
import type { RunManifest, RunSummary } from "../run/run.ts";
import type { DrawsReader } from "./draws-reader.ts";

const GROUP = "posterior";
/** Values in a chunk of an array: 1 MB. */
const CHUNK_VALUES = 1 << 17;

/**
 * Draws as ArviZ's InferenceData: a netCDF-4 file (HDF5) with the group `posterior`, its variables over `chain` and `draw` (from 0) and
 * the axes of `labelledArrays`. There is no group `sample_stats`, as nothing of single transitions is kept: their counts are attributes.
 * In memory for a block of draws.
 */
export async function exportInferenceData(
  path: string,
  reader: DrawsReader,
  variables: readonly number[],
  { manifest, summary }: { readonly manifest: RunManifest; readonly summary: RunSummary },
  blockValues?: number,
): Promise<void> {
  const h5wasm = await loadH5wasm();
  (await h5wasm.ready).activate_throwing_error_handler();
  // what the disk refuses has a name here, but not in h5wasm
  await writeFile(path, "");
  // thousands of variables refer to an axis: more than an attribute of the oldest format holds
  const file = new h5wasm.File(path, "w", { libver: "v110" });
  try {
    const group = file.create_group(GROUP);
    for (const [key, value] of runAttributes(manifest)) {
      file.create_attribute(key, value);
      group.create_attribute(key, value);
    }
    group.create_attribute("divergences", Float64Array.of(summary.divergences), [1]);
    group.create_attribute("tuning_steps", Float64Array.of(manifest.warmup), [1]);
    const arrays = labelledArrays(variables.map((v) => reader.variables[v]!));
    writeAxes(group, [
      { name: "chain", labels: [...new Array(reader.chains).keys()] },
      { name: "draw", labels: [...new Array(reader.draws).keys()] },
      ...new Map(arrays.flatMap(({ axes }) => axes).map((axis) => [axis.name, axis])).values(),
    ]);
    for (const array of arrays) await writeArray(group, array, reader, variables, blockValues);
  } finally {
    file.close();
  }
}

async function loadH5wasm(): Promise<typeof import("h5wasm/node")> {
  try {
    return await import("h5wasm/node");
  } catch {
    throw new InputError(
      "InferenceData needs the package h5wasm, an optional dependency that is not installed: npm install h5wasm, or export to parquet",
    );
  }
}

/** Dimension scales, HDF5's axes with labels: netCDF's dimensions and coordinates. */
function writeAxes(group: Group, axes: readonly Axis[]): void {
  for (const { name, labels } of axes) {
    const whole = labels.every((label): label is number => typeof label === "number");
    const scale = whole
      ? group.create_dataset({
          name,
          data: BigInt64Array.from(labels, BigInt),
          shape: [labels.length],
          dtype: "<q",
        })
      : group.create_dataset({ name, data: labels.map(String), shape: [labels.length], dtype: "S" });
    scale.make_scale(name);
  }
}

async function writeArray(
  group: Group,
  { name, axes, variables: own }: LabelledArray,
  reader: DrawsReader,
  variables: readonly number[],
  blockValues: number | undefined,
): Promise<void> {
  const { chains, draws } = reader;
  const indices = own.map((v) => variables[v]!);
  let dataset: Dataset;
  if (axes.length === 0) {
    const data = await reader.read(indices[0]!);
    dataset = group.create_dataset({ name, data, shape: [chains, draws], dtype: "<d" });
  } else {
    const size = own.length;
    const shape = axes.map(({ labels }) => labels.length);
    // begun with a draw and then made longer: creating takes all values at once
    dataset = group.create_dataset({
      name,
      data: new Float64Array(chains * size),
      shape: [chains, 1, ...shape],
      maxshape: [chains, draws, ...shape],
      chunks: [1, Math.max(1, Math.min(draws, Math.floor(CHUNK_VALUES / size))), ...shape],
      dtype: "<d",
    });
    dataset.resize([chains, draws, ...shape]);
    for await (const block of reader.blocks(indices, undefined, blockValues)) {
      dataset.write_slice(
        [[block.chain - 1, block.chain], [block.from, block.from + block.draws], ...axes.map((): [] => [])],
        transpose(block.values, size, block.draws),
      );
    }
  }
  ["chain", "draw", ...axes.map((axis) => axis.name)].forEach((axis, d) => {
    dataset.attach_scale(d, `/${GROUP}/${axis}`);
  });
}

/** [variables][draws] to [draws][variables]. */
function transpose(values: Float64Array, variables: number, draws: number): Float64Array {
  const out = new Float64Array(values.length);
  for (let v = 0; v < variables; v++)
    for (let t = 0; t < draws; t++) out[t * variables + v] = values[v * draws + t]!;
  return out;
}
