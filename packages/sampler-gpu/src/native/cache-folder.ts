import { homedir } from "node:os";
import { join } from "node:path";

/** Where built engines and traced programs are kept: BRIDGEWISE_CACHE, else bridgewise in XDG_CACHE_HOME or ~/.cache. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const own = env["BRIDGEWISE_CACHE"];
  if (own) return own;
  return join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "bridgewise");
}

/** TensorFlow comes in two builds. */
export type Build = "cpu" | "gpu";

export const engineFolder = (build: Build): string => join(cacheFolder(), "engine", build);
export const programFolder = (): string => join(cacheFolder(), "programs");
