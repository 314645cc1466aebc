import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Programs end with this where something they need is not on the machine; their last line says what. */
const NOT_HERE = 3;

/**
 * Runs a program and returns the JSON of its last line, with the processor seconds that it took: where its wall time is much more, the
 * machine was busy with other things. `{ skipped }` where it cannot run.
 */
export function run(command, args) {
  const done = spawnSync("bash", ["-c", 'TIMEFORMAT="%U %S"; time "$@"', "bash", command, ...args], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  const errors = done.stderr.trim().split("\n");
  const [user, system] = errors.pop().split(" ").map(Number);
  if (done.status === NOT_HERE) return { skipped: errors.at(-1) };
  if (done.status !== 0) return { skipped: `failed: ${errors.at(-1)}` };
  return { ...JSON.parse(done.stdout.trim().split("\n").at(-1)), processor: user + system };
}

/** The same on one core: the first, or the one that this process has been bound to already (Linux's taskset; elsewhere unbound). */
export const onOneCore = (command, args) =>
  existsSync("/usr/bin/taskset") && availableParallelism() > 1
    ? run("taskset", ["-c", "0", command, ...args])
    : run(command, args);

export const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
