import { runAttributes } from "../export/describe-run.ts";
import { CHAIN, ITERATION } from "../run/draws-format.ts";
import type { RunManifest } from "../run/run.ts";
import type { DrawsReader } from "./draws-reader.ts";

/** Values of a row group: 64 MB, as fewer groups make a smaller footer where there are thousands of variables. */
const GROUP_VALUES = 1 << 23;

/**
 * Draws as a Parquet file: `.chain` and `.iteration` (int32, from 1), a float64 column for each variable, a row a draw, chain by chain.
 * What the run is stands in the file's key-value metadata. In memory for a row group.
 */
export async function exportParquet(
  path: string,
  reader: DrawsReader,
  variables: readonly number[],
  manifest: RunManifest,
  groupValues: number = GROUP_VALUES,
): Promise<void> {
  const { ParquetWriter, fileWriter, schemaFromColumnData } = await import("hyparquet-writer");
  const names = variables.map((v) => reader.variables[v]!);
  const columns = (chain: Int32Array, iteration: Int32Array, values: (v: number) => Float64Array) => [
    { name: CHAIN, data: chain, type: "INT32" as const, nullable: false },
    { name: ITERATION, data: iteration, type: "INT32" as const, nullable: false },
    // draws seldom repeat, and hardly compress
    ...names.map((name, v) => ({
      name,
      data: values(v),
      type: "DOUBLE" as const,
      nullable: false,
      encoding: "PLAIN" as const,
    })),
  ];
  const none = new Int32Array(0);
  const writer = new ParquetWriter({
    writer: fileWriter(path),
    schema: schemaFromColumnData({ columnData: columns(none, none, () => new Float64Array(0)) }),
    codec: "UNCOMPRESSED",
    statistics: false,
    createdBy: `bridgewise ${manifest.bridgewise}`,
    kvMetadata: [...runAttributes(manifest)].map(([key, value]) => ({ key, value })),
  });
  for await (const { chain, from, draws, values } of reader.blocks(variables, undefined, groupValues)) {
    await writer.write({
      columnData: columns(
        new Int32Array(draws).fill(chain),
        Int32Array.from({ length: draws }, (_, t) => from + t + 1),
        (v) => values.subarray(v * draws, (v + 1) * draws),
      ),
      rowGroupSize: draws,
    });
  }
  await writer.finish();
}
