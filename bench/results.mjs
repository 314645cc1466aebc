import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";

/** The machine and the day, for a result's head; `text` says it in words. */
export function describeMachine() {
  const machine = `${cpus()[0]?.model ?? "unknown processor"}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB`;
  const date = new Date().toISOString().slice(0, 10);
  return { machine, node: process.version, date, text: `${machine}, Node ${process.version}, ${date}` };
}

/** Writes NAME.json and NAME.md into a folder, whole or not at all. */
export function writeResults(folder, name, result, markdown) {
  mkdirSync(folder, { recursive: true });
  const files = { [`${name}.json`]: `${JSON.stringify(result, null, 2)}\n`, [`${name}.md`]: markdown };
  for (const [file, text] of Object.entries(files)) {
    writeFileSync(join(folder, `${file}.part`), text);
    renameSync(join(folder, `${file}.part`), join(folder, file));
  }
}
