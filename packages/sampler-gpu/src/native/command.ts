import { spawn } from "node:child_process";

export interface Finished {
  /** Null where a signal ended it, or where the command is not there. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** No such command. */
  readonly missing: boolean;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}

/** Runs a command to its end, its input closed. */
export function run(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (piece: Buffer) => stdout.push(piece));
    child.stderr.on("data", (piece: Buffer) => stderr.push(piece));
    const text = () => ({
      stdout: Buffer.concat(stdout).toString(),
      stderr: Buffer.concat(stderr).toString(),
    });
    child.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") resolve({ status: null, signal: null, missing: true, ...text() });
      else reject(error);
    });
    child.on("close", (status, signal) => resolve({ status, signal, missing: false, ...text() }));
  });
}

/** What a failed command said last, in one line. */
export function lastWords({ stdout, stderr }: Finished): string {
  const lines = `${stdout}\n${stderr}`.split("\n").map((line) => line.trim());
  const said = lines.filter((line) => line !== "");
  const error = said.findLast((line) => /error/i.test(line));
  return (error ?? said.at(-1) ?? "nothing was said").slice(0, 300);
}

const NO_NETWORK =
  /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ENETUNREACH|Temporary failure in name resolution|Failed to establish a new connection|NewConnectionError|Network is unreachable|timed out|ProxyError|ERR_SOCKET|_CERT|certificate/i;
const DISK_FULL = /ENOSPC|No space left on device/i;

/** Why a download failed, as far as its client's words tell. */
export function downloadFailure(finished: Finished): "network" | "disk" | "other" {
  const text = finished.stdout + finished.stderr;
  if (DISK_FULL.test(text)) return "disk";
  return NO_NETWORK.test(text) ? "network" : "other";
}
