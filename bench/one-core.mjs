import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Programs end with this where something they need is not on the machine; their last line says what. */
const NOT_HERE = 3;

/**
 * Runs a program on the first core (Linux's taskset; elsewhere unbound) and returns the JSON of its last line, with the processor
 * seconds that it took: where its wall time is much more, the machine was busy with other things. `{ skipped }` where it cannot run.
 */
export function onOneCore(command, args) {
  const taskset = existsSync("/usr/bin/taskset") ? ["taskset", "-c", "0"] : [];
  const run = spawnSync(
    "bash",
    ["-c", 'TIMEFORMAT="%U %S"; time "$@"', "bash", ...taskset, command, ...args],
    {
      cwd: root,
      encoding: "utf8",
      maxBuffer: 1 << 28,
    },
  );
  const errors = run.stderr.trim().split("\n");
  const [user, system] = errors.pop().split(" ").map(Number);
  if (run.status === NOT_HERE) return { skipped: errors.at(-1) };
  if (run.status !== 0) return { skipped: `failed: ${errors.at(-1)}` };
  return { ...JSON.parse(run.stdout.trim().split("\n").at(-1)), processor: user + system };
}

export const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
