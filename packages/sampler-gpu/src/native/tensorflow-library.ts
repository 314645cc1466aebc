import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Build } from "./cache-folder.ts";
import { downloadFailure, type Finished, lastWords, run } from "./command.ts";
import { ELSE_SIMD, EngineError } from "./engine-error.ts";
import { checkPlatform, extractWheel, requirementsOf, wheelMetadata, wheelTags } from "./wheel.ts";

/** TensorFlow's C++ library as it lies in a pip package. */
export interface TensorFlowLibrary {
  /** Holds LIBRARIES and include/. */
  readonly folder: string;
  /** Where it came from, for the record. */
  readonly source: string;
}

export interface FindOptions {
  readonly build: Build;
  /** A folder with a TensorFlow in it, or a wheel. */
  readonly tensorflow?: string | undefined;
  /** Where a wheel is unpacked: `tensorflow/` and, for a GPU, `nvidia/` appear in it. */
  readonly into: string;
  readonly onProgress: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

export const LIBRARIES = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"] as const;

/** The pip packages; the versions are those whose library the addon was built against (2.21 in the tests). */
const PACKAGE: Record<Build, string> = {
  cpu: "tensorflow-cpu>=2.18,<2.22",
  gpu: "tensorflow>=2.18,<2.22",
};

/** Headers that the addon includes, directly or not, in one version or another. */
const HEADERS = /^tensorflow\/include\/(tensorflow\/(c|core\/platform|tsl)|tsl\/platform|xla\/tsl)\/.*\.h$/;
const wanted = (path: string): boolean =>
  LIBRARIES.some((name) => path === `tensorflow/${name}`) ||
  HEADERS.test(path) ||
  path === "tensorflow/python/platform/build_info.py";

/** From what is given, else the active Python's packages, else by `pip download`. */
export async function findTensorFlow(options: FindOptions): Promise<TensorFlowLibrary> {
  const { build, tensorflow, onProgress } = options;
  if (tensorflow !== undefined) return given(tensorflow, options);
  const installed = await inPython(build);
  if (installed) {
    onProgress(`TensorFlow of the active Python: ${installed.folder}`);
    return installed;
  }
  return download(options);
}

async function given(path: string, options: FindOptions): Promise<TensorFlowLibrary> {
  if (!existsSync(path))
    throw new EngineError(
      `--tensorflow ${path}: not found; give TensorFlow's folder or a wheel of tensorflow-cpu`,
    );
  if (!(await stat(path)).isDirectory()) return unpack([path], path, options);
  const folder = [path, join(path, "tensorflow")].find((dir) =>
    LIBRARIES.every((name) => existsSync(join(dir, name))),
  );
  if (!folder)
    throw new EngineError(
      `--tensorflow ${path}: holds no ${LIBRARIES[0]}; give the folder 'tensorflow' of an installed pip package, or a wheel`,
    );
  await checkCuda(folder, path, options.build);
  return { folder, source: path };
}

/** The TensorFlow that `python3` would import, if it has the library that is needed. */
async function inPython(build: Build): Promise<TensorFlowLibrary | null> {
  const code =
    "import importlib.util as u; s = u.find_spec('tensorflow'); print(s.submodule_search_locations[0] if s else '')";
  for (const python of ["python3", "python"]) {
    const found = await run(python, ["-c", code]);
    if (found.status !== 0) continue;
    const folder = found.stdout.trim();
    if (!folder || !LIBRARIES.every((name) => existsSync(join(folder, name)))) return null;
    if (build === "gpu" && !(await isCudaBuild(folder))) return null;
    return { folder, source: folder };
  }
  return null;
}

/** What the package says of itself; undefined where it says nothing. */
async function isCudaBuild(folder: string): Promise<boolean | undefined> {
  const file = join(folder, "python/platform/build_info.py");
  if (!existsSync(file)) return undefined;
  return /is_cuda_build['"]?\]?\s*[,:=]\s*True/.test(await readFile(file, "utf8"));
}

async function checkCuda(folder: string, source: string, build: Build): Promise<void> {
  if (build === "gpu" && (await isCudaBuild(folder)) === false)
    throw new EngineError(
      `${source}: TensorFlow without CUDA; give --gpu the package or wheel 'tensorflow' instead`,
    );
}

async function download({
  build,
  into,
  onProgress,
  signal,
  ...rest
}: FindOptions): Promise<TensorFlowLibrary> {
  const wheels = join(into, "wheels");
  await mkdir(wheels, { recursive: true });
  onProgress(
    `Downloading ${PACKAGE[build]} by pip (${build === "gpu" ? "600 MB, then NVIDIA's libraries" : "200 MB"})`,
  );
  await pipDownload([PACKAGE[build]], wheels, signal);
  const [wheel] = await readdir(wheels);
  if (!wheel)
    throw new EngineError("pip download left no wheel: run it again, or give one with --tensorflow");
  if (build === "gpu") {
    const requirements = requirementsOf(await wheelMetadata(join(wheels, wheel)), "and-cuda");
    onProgress(`Downloading ${requirements.length} of NVIDIA's packages by pip (2 GB or more)`);
    await pipDownload(requirements, wheels, signal);
  }
  const files = (await readdir(wheels)).map((name) => join(wheels, name));
  const library = await unpack(files, wheel, { build, into, onProgress, signal, ...rest });
  await rm(wheels, { recursive: true });
  return library;
}

/** pip of the active Python; any Python's wheels do, as the library alone is used. */
async function pipDownload(
  requirements: readonly string[],
  wheels: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const how = ["--no-deps", "--only-binary=:all:", "--python-version=3.11", "--quiet", "--dest", wheels];
  const attempts: Finished[] = [];
  for (const python of ["python3", "python"]) {
    const finished = await run(python, ["-m", "pip", "download", ...how, ...requirements], { signal });
    if (finished.status === 0) return;
    attempts.push(finished);
  }
  const byHand = `or download a wheel of ${requirements[0]} elsewhere and give it with --tensorflow; ${ELSE_SIMD}`;
  const failed = attempts.find((a) => !a.missing);
  if (!failed)
    throw new EngineError(
      `there is no python3 to download TensorFlow with: install Python 3 with pip, ${byHand}`,
    );
  if (/No module named pip/.test(failed.stderr))
    throw new EngineError(
      `python3 has no pip to download TensorFlow with: install it (python3 -m ensurepip), ${byHand}`,
    );
  const why = downloadFailure(failed);
  if (why === "network") throw new EngineError(`pip reached no package index: check the network, ${byHand}`);
  if (why === "disk") throw diskFull(wheels);
  throw new EngineError(`pip download failed (${lastWords(failed)}): mend that, ${byHand}`);
}

async function unpack(
  files: readonly string[],
  source: string,
  options: FindOptions,
): Promise<TensorFlowLibrary> {
  const { into, onProgress, build } = options;
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  for (const file of files)
    if (!/-none-any\.whl$/.test(file))
      checkPlatform(file, {
        platform: process.platform,
        arch: process.arch,
        glibc: header.glibcVersionRuntime,
      });
  for (const file of files) {
    const { name, version } = wheelTags(file);
    onProgress(`Unpacking ${name} ${version}`);
    const keep = name.startsWith("nvidia") ? (path: string) => path.startsWith("nvidia/") : wanted;
    const count = await extractWheel(file, into, keep).catch((error: NodeJS.ErrnoException) => {
      throw error.code === "ENOSPC" ? diskFull(into) : error;
    });
    if (count === 0)
      throw new EngineError(
        `${file}: holds no ${LIBRARIES[0]}; give a wheel of tensorflow-cpu or tensorflow`,
      );
  }
  const folder = join(into, "tensorflow");
  for (const name of LIBRARIES)
    if (!existsSync(join(folder, name)))
      throw new EngineError(
        `${source}: holds no ${name}; give a wheel of tensorflow-cpu or tensorflow, 2.18 to 2.21`,
      );
  await checkCuda(folder, source, build);
  return { folder, source };
}

export const diskFull = (folder: string): EngineError =>
  new EngineError(
    `${dirname(folder)}: the disk is full; the engine needs 1.5 GB (8 GB with CUDA): free some, or name another folder in BRIDGEWISE_CACHE`,
  );
