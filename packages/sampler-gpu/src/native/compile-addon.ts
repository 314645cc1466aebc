import { mkdir } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { type Finished, lastWords, run } from "./command.ts";
import { ELSE_SIMD, EngineError } from "./engine-error.ts";
import { diskFull, LIBRARIES } from "./tensorflow-library.ts";
import { ADDON, nodeApiHeaders } from "./tfjs-package.ts";

export interface CompileOptions {
  /** tfjs-node-gpu's folder. */
  readonly pkg: string;
  /** TensorFlow's folder. */
  readonly tensorflow: string;
  /** Whether the two are moved together: the addon then finds the library by its own place. */
  readonly together: boolean;
  readonly signal?: AbortSignal | undefined;
}

const compiler = (): string => process.env["CXX"] || "g++";

/** The compiler's first line about itself, for the record. */
export async function compilerVersion(): Promise<string> {
  const finished = await run(compiler(), ["--version"]);
  if (finished.missing)
    throw new EngineError(
      `there is no C++ compiler '${compiler()}': install one ('apt install g++', 'dnf install gcc-c++'), or name yours in CXX; ${ELSE_SIMD}`,
    );
  return finished.stdout.split("\n")[0]?.trim() ?? "";
}

/** Compiles tfjs-node's addon against TensorFlow's C++ library: two files, no Node headers, no node-gyp. */
export async function compileAddon({ pkg, tensorflow, together, signal }: CompileOptions): Promise<void> {
  const addon = join(pkg, ADDON);
  await mkdir(dirname(addon), { recursive: true });
  const rpath = together ? `$ORIGIN/${relative(dirname(addon), tensorflow)}` : tensorflow;
  const finished = await run(
    compiler(),
    [
      ...["-O2", "-std=c++17", "-fPIC", "-shared", "-DNAPI_VERSION=8"],
      ...[`-I${nodeApiHeaders()}`, `-I${join(tensorflow, "include")}`],
      ...["binding/tfjs_backend.cc", "binding/tfjs_binding.cc", `-L${tensorflow}`],
      ...LIBRARIES.map((name) => `-l:${name}`),
      ...[`-Wl,-rpath,${rpath}`, "-o", addon],
    ],
    { cwd: pkg, signal },
  );
  if (finished.status !== 0) throw compileFailure(finished, tensorflow);
}

function compileFailure(finished: Finished, tensorflow: string): EngineError {
  const text = finished.stderr;
  const other = "give one of 2.18 to 2.21 with --tensorflow, or leave it out and let pip download it";
  const header = /fatal error: (\S+): No such file/.exec(text)?.[1];
  if (header)
    return new EngineError(
      `${tensorflow}: TensorFlow's header ${header} is missing (too old, or not whole): ${other}`,
    );
  const symbol = /undefined reference to `([^']+)'/.exec(text)?.[1];
  if (symbol)
    return new EngineError(
      `${tensorflow}: TensorFlow's library lacks ${symbol} (too old or too new): ${other}`,
    );
  if (
    /skipping incompatible|file in wrong format|file format not recognized|Relocations in generic ELF/.test(
      text,
    )
  )
    return new EngineError(
      `${tensorflow}: the library is for another kind of processor than this (${process.arch}), or damaged: ${other}`,
    );
  if (/No space left on device/.test(text)) return diskFull(tensorflow);
  return new EngineError(`the addon could not be compiled (${lastWords(finished)}): ${other}; ${ELSE_SIMD}`);
}
