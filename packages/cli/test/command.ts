import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

export const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../fixtures/${name}`, import.meta.url));

/** Arguments of node that run the command from source. */
export const commandLine = (args: readonly string[]): string[] => [
  "--conditions=@bridgewise/source",
  fileURLToPath(new URL("main.ts", import.meta.url)),
  ...args,
];

/** Runs the command from source, in a process of its own. */
export function bridgewise(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, commandLine(args), {
    encoding: "utf8",
    ...options,
  });
  return { status, stdout, stderr };
}

/** Runs the command from source while this process goes on, as a server for it, say. */
export function runCommand(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, commandLine(args), options);
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (piece) => {
    stdout += piece;
  });
  child.stderr.on("data", (piece) => {
    stderr += piece;
  });
  return new Promise((resolve) => child.once("close", (status) => resolve({ status, stdout, stderr })));
}
