import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

export const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../fixtures/${name}`, import.meta.url));

/** Runs the command from source, in a process of its own. */
export function bridgewise(
  args: readonly string[],
  cwd?: string,
): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--conditions=@bridgewise/source", fileURLToPath(new URL("main.ts", import.meta.url)), ...args],
    { encoding: "utf8", ...(cwd !== undefined && { cwd }) },
  );
  return { status, stdout, stderr };
}
