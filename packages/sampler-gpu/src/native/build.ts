import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { type Build, cacheFolder, engineFolder } from "./cache-folder.ts";
import { checkBuild } from "./check-build.ts";
import { compileAddon, compilerVersion } from "./compile-addon.ts";
import { ELSE_SIMD, EngineError } from "./engine-error.ts";
import { type EngineRecord, placeOf, readRecord, writeRecord } from "./engine-record.ts";
import { diskFull, findTensorFlow } from "./tensorflow-library.ts";
import { fetchPackage, installedPackage, TFJS, TFJS_VERSION } from "./tfjs-package.ts";

export interface BuildOptions {
  /** TensorFlow's folder or a wheel; by default the active Python's, else by `pip download`. */
  readonly tensorflow?: string | undefined;
  /** Against TensorFlow with CUDA. */
  readonly gpu?: boolean | undefined;
  /** Even where there is a build. */
  readonly force?: boolean | undefined;
  readonly onProgress?: ((line: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface BuildResult {
  readonly record: EngineRecord;
  readonly folder: string;
  /** False where a build was there already. */
  readonly made: boolean;
}

/**
 * Builds the native engine into the user's cache: fetches tfjs-node-gpu, finds TensorFlow, compiles the addon, runs a known
 * program on it. All of it in a temporary folder, renamed at the end; whatever fails leaves an earlier build as it was.
 * @throws EngineError with the way out
 */
export async function buildEngine(options: BuildOptions = {}): Promise<BuildResult> {
  const { gpu = false, force = false, onProgress = () => {}, signal } = options;
  const build: Build = gpu ? "gpu" : "cpu";
  const folder = engineFolder(build);
  const tensorflow = options.tensorflow === undefined ? undefined : resolve(options.tensorflow);
  if (process.platform !== "linux" || !["x64", "arm64"].includes(process.arch))
    throw new EngineError(
      `the native engine is for Linux on x86-64 or arm64, this is ${process.platform} ${process.arch}: ${ELSE_SIMD}`,
    );
  const there = await readRecord(build);
  const wanted = typeof there !== "string" && (tensorflow === undefined || there.source === tensorflow);
  if (typeof there !== "string" && wanted && !force) return { record: there, folder, made: false };
  const temporary = join(cacheFolder(), "engine", `.${build}-${process.pid}-${randomUUID().slice(0, 8)}.tmp`);
  try {
    await removeLeftovers(dirname(temporary));
    await mkdir(temporary, { recursive: true });
    const record = await make(temporary, { ...options, tensorflow, build, onProgress, signal });
    await writeRecord(temporary, record);
    await replace(folder, temporary);
    return { record, folder, made: true };
  } catch (error) {
    throw explain(error as NodeJS.ErrnoException, folder);
  } finally {
    // what failed is said already
    await rm(temporary, { recursive: true, force: true }).catch(() => {});
  }
}

/** Removes what builds left whose process is no more. */
async function removeLeftovers(engines: string): Promise<void> {
  const names = await readdir(engines).catch(() => []);
  for (const name of names) {
    const pid = /^\.(?:cpu|gpu)-(\d+)-.*\.tmp(?:\.old)?$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid)))
      await rm(join(engines, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

interface Making extends BuildOptions {
  readonly build: Build;
  readonly onProgress: (line: string) => void;
}

async function make(
  temporary: string,
  { build, tensorflow, onProgress, signal }: Making,
): Promise<EngineRecord> {
  const common = { format: 1, build, built: new Date().toISOString() } as const;
  const own = tensorflow === undefined ? installedPackage() : null;
  if (own !== null) {
    const versions = { tfjs: TFJS_VERSION, compiler: `none: ${TFJS}'s own binary`, node: process.version };
    const draft = { ...common, package: own, library: null, source: own };
    try {
      onProgress(`Checking ${TFJS}'s own binary`);
      const { tensorflow } = await checkBuild(
        "native",
        placeOf({ ...draft, versions: { ...versions, tensorflow: "" } }),
        { signal },
      );
      return { ...draft, versions: { ...versions, tensorflow } };
    } catch (error) {
      onProgress(`It is not used: ${(error as Error).message}`);
    }
  }
  const compiler = await compilerVersion();
  const library = await findTensorFlow({ build, tensorflow, into: temporary, onProgress, signal });
  onProgress(`Fetching ${TFJS} ${TFJS_VERSION} by npm`);
  const pkg = await fetchPackage(temporary, signal);
  const together = library.folder.startsWith(temporary);
  onProgress(`Compiling the addon with ${compiler}`);
  await compileAddon({ pkg, tensorflow: library.folder, together, signal });
  onProgress("Checking it with a known program");
  const draft = {
    ...common,
    package: relative(temporary, pkg),
    library: together ? relative(temporary, library.folder) : library.folder,
    source: library.source,
  };
  // on the CPU, a build for a GPU too: it may be made where no card is to be seen
  const report = await checkBuild("native", { folder: temporary, pkg }, { signal });
  const versions = { tensorflow: report.tensorflow, tfjs: TFJS_VERSION, compiler, node: process.version };
  return { ...draft, versions };
}

/** A folder cannot be renamed over another: the old one steps aside first. */
async function replace(folder: string, made: string): Promise<void> {
  const old = `${made}.old`;
  await rename(folder, old).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  await rename(made, folder);
  await rm(old, { recursive: true, force: true });
}

function explain(error: NodeJS.ErrnoException, folder: string): Error {
  if (error.code === "ENOSPC") return diskFull(folder);
  if (
    error.code === "EACCES" ||
    error.code === "EROFS" ||
    error.code === "ENOTDIR" ||
    error.code === "EEXIST"
  )
    return new EngineError(
      `${cacheFolder()}: cannot be written (${error.code}); name another folder in BRIDGEWISE_CACHE`,
    );
  return error;
}
