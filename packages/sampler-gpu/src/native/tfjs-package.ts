import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { downloadFailure, lastWords, run } from "./command.ts";
import { ELSE_SIMD, EngineError } from "./engine-error.ts";
import { diskFull } from "./tensorflow-library.ts";

export const TFJS = "@tensorflow/tfjs-node-gpu";
export const TFJS_VERSION = "4.22.0";
/** Node-API version 8 is in every Node that is supported. */
export const ADDON = "lib/napi-v8/tfjs_binding.node";

/** tfjs-node-gpu beside this package, where npm installed it and its own script brought its binary. */
export function installedPackage(): string | null {
  const require = createRequire(import.meta.url);
  const folder = require.resolve
    .paths(TFJS)
    ?.map((paths) => join(paths, TFJS))
    .find((path) => existsSync(join(path, ADDON)));
  return folder ?? null;
}

/**
 * Installs tfjs-node-gpu into a folder by npm, its scripts off: they would download a library from outside of the registry.
 * @returns the package's folder
 */
export async function fetchPackage(folder: string, signal: AbortSignal | undefined): Promise<string> {
  // npm would look for a project in the folders above
  await writeFile(join(folder, "package.json"), `${JSON.stringify({ private: true })}\n`);
  // by default npm tries for many minutes before it says that there is no network
  const patience = ["--fetch-retries=1", "--fetch-timeout=60000"];
  const quiet = ["--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"];
  const finished = await run(
    "npm",
    ["install", "--ignore-scripts", ...patience, ...quiet, `${TFJS}@${TFJS_VERSION}`],
    { cwd: folder, signal },
  );
  if (finished.missing)
    throw new EngineError(`there is no npm to fetch ${TFJS} with: install Node with npm; ${ELSE_SIMD}`);
  if (finished.status !== 0) {
    const why = downloadFailure(finished);
    if (why === "network")
      throw new EngineError(
        `npm reached no registry for ${TFJS}@${TFJS_VERSION}: check the network; ${ELSE_SIMD}`,
      );
    if (why === "disk") throw diskFull(folder);
    throw new EngineError(
      `npm could not install ${TFJS}@${TFJS_VERSION} (${lastWords(finished)}): mend that; ${ELSE_SIMD}`,
    );
  }
  return join(folder, "node_modules", TFJS);
}

/** node_api.h's folder. */
export const nodeApiHeaders = (): string =>
  join(dirname(createRequire(import.meta.url).resolve("node-api-headers/package.json")), "include");
