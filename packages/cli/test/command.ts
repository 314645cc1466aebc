import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export const fixture = (name: string): string => here(`../../../fixtures/${name}`);

/**
 * Arguments of node that run the command: from source, so that nothing has to be built, but in CI as it is shipped, which also starts in a
 * fifth of the time.
 */
export const commandLine = (args: readonly string[]): string[] =>
  process.env["CI"]
    ? [here("../bin/bridgewise.js"), ...args]
    : ["--conditions=@bridgewise/source", here("main.ts"), ...args];

/** Runs the command in a process of its own. */
export function bridgewise(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, commandLine(args), {
    encoding: "utf8",
    ...options,
  });
  return { status, stdout, stderr };
}

export interface Ended {
  /** null where a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the command while this process goes on, as a server for it, say. */
export function startCommand(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): { readonly ended: Promise<Ended>; readonly kill: (signal: NodeJS.Signals) => boolean } {
  const child = spawn(process.execPath, commandLine(args), options);
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (piece) => {
    stdout += piece;
  });
  child.stderr.on("data", (piece) => {
    stderr += piece;
  });
  const ended = new Promise<Ended>((resolve) =>
    child.once("close", (status) => resolve({ status, stdout, stderr })),
  );
  return { ended, kill: (signal) => child.kill(signal) };
}

/** Starts the command, and waits for its end. */
export const runCommand = (...given: Parameters<typeof startCommand>): Promise<Ended> =>
  startCommand(...given).ended;
