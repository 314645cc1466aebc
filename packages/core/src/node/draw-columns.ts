import type { DrawColumns } from "../predict/index.ts";
import type { DrawsReader } from "./draws-reader.ts";

/** Some variables of a file of draws, each [chains x draws], in memory; those that the file lacks are left out. */
export async function readColumns(reader: DrawsReader, names: Iterable<string>): Promise<DrawColumns> {
  const at = new Map(reader.variables.map((name, v) => [name, v]));
  const columns = new Map<string, Float64Array>();
  for (const name of names) {
    const variable = at.get(name);
    if (variable !== undefined && !columns.has(name)) columns.set(name, await reader.read(variable));
  }
  return { draws: reader.chains * reader.draws, column: (name) => columns.get(name) };
}
