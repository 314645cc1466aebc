import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { buildEngine } from "../src/native/build.ts";
import { cacheFolder } from "../src/native/cache-folder.ts";
import { engineStatus } from "../src/native/engine-status.ts";
import { explainLoad, setEnvironment } from "../src/native/load-tensorflow.ts";
import { LIBRARIES } from "../src/native/tensorflow-library.ts";
import { checkPlatform, requirementsOf, wheelTags } from "../src/native/wheel.ts";

let folder: string;
let tools: string;

/** A command of this name, and no other than those made so, is what the build finds. */
function tool(name: string, script: string): void {
  writeFileSync(join(tools, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(tools, name), 0o755);
}
const fail = (words: string): string => `echo "${words}" >&2; exit 1`;

/** A folder that looks like TensorFlow's. */
function fakeTensorFlow(): string {
  const library = join(folder, "tensorflow");
  mkdirSync(library, { recursive: true });
  for (const name of LIBRARIES) writeFileSync(join(library, name), "not a library");
  return library;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bridgewise-errors-"));
  tools = join(folder, "tools");
  mkdirSync(tools);
  vi.stubEnv("PATH", tools);
  vi.stubEnv("BRIDGEWISE_CACHE", join(folder, "cache"));
  vi.stubEnv("CXX", "");
  tool("g++", "echo 'g++ 12'");
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe("a build that cannot be made says why and what to do, and leaves nothing", () => {
  const message = async (options: Parameters<typeof buildEngine>[0] = {}): Promise<string> => {
    const error: Error = await buildEngine(options).then(
      () => new Error("it was built"),
      (e: Error) => e,
    );
    expect(error.name, error.stack).toBe("EngineError");
    expect(error.message).not.toContain("\n");
    const engines = join(cacheFolder(), "engine");
    expect(existsSync(engines) ? readdirSync(engines) : []).toEqual([]);
    return error.message;
  };

  test("no compiler", async () => {
    vi.stubEnv("CXX", "no-such-compiler");
    expect(await message()).toMatch(
      /^there is no C\+\+ compiler 'no-such-compiler': install one .* --engine simd$/,
    );
  });

  test("no Python", async () => {
    expect(await message()).toMatch(
      /^there is no python3 to download TensorFlow with: install Python 3 with pip, or download a wheel/,
    );
  });

  test.each([
    ["no pip", "python3: No module named pip", /^python3 has no pip .*\(python3 -m ensurepip\)/],
    [
      "no network",
      "Failed to establish a new connection",
      /^pip reached no package index: check the network, or download a wheel/,
    ],
    [
      "a full disk",
      "OSError: [Errno 28] No space left on device",
      /the disk is full; the engine needs 1.5 GB .* BRIDGEWISE_CACHE$/,
    ],
    [
      "another failure",
      "ERROR: No matching distribution found for x",
      /^pip download failed \(ERROR: No matching distribution found for x\)/,
    ],
  ])("pip: %s", async (_what, words, expected) => {
    tool("python3", fail(words));
    expect(await message()).toMatch(expected);
  });

  test.each([
    ["not there", "nowhere", /nowhere: not found; give TensorFlow's folder or a wheel/],
    ["a folder without it", "tools", /tools: holds no libtensorflow_cc.so.2; give the folder/],
    [
      "for another system",
      "tensorflow_cpu-2.21.0-cp311-cp311-macosx_12_0_arm64.whl",
      /a wheel for macosx_12_0_arm64, this machine is linux/,
    ],
    ["not a wheel's name", "tensorflow.whl", /tensorflow.whl: not named like a wheel/],
    [
      "not a zip file",
      `tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_17_${process.arch === "x64" ? "x86_64" : "aarch64"}.whl`,
      /cannot be read as a wheel \(.*\): download it again/,
    ],
  ])("--tensorflow %s", async (_what, name, expected) => {
    if (name.endsWith(".whl")) writeFileSync(join(folder, name), "x".repeat(100));
    expect(await message({ tensorflow: join(folder, name) })).toMatch(expected);
  });

  test("a TensorFlow without CUDA for --gpu", async () => {
    const tensorflow = fakeTensorFlow();
    mkdirSync(join(tensorflow, "python/platform"), { recursive: true });
    const file = join(tensorflow, "python/platform/build_info.py");
    // as the wheels of TensorFlow 2.21 say it
    const info = (cuda: string): string =>
      `build_info = collections.OrderedDict([('is_cuda_build', ${cuda}), ('is_rocm_build', False)])\n`;
    writeFileSync(file, info("False"));
    expect(await message({ tensorflow, gpu: true })).toMatch(
      /TensorFlow without CUDA; give --gpu the package or wheel/,
    );
    writeFileSync(file, info("True"));
    expect(await message({ tensorflow, gpu: true })).not.toMatch(/without CUDA/);
  });

  test("no npm", async () => {
    expect(await message({ tensorflow: fakeTensorFlow() })).toMatch(
      /^there is no npm to fetch @tensorflow\/tfjs-node-gpu/,
    );
  });

  test.each([
    [
      "no network",
      "npm error code ENOTFOUND",
      /^npm reached no registry for @tensorflow\/tfjs-node-gpu@4.22.0/,
    ],
    ["a full disk", "npm error code ENOSPC", /the disk is full/],
    ["another failure", "npm error 404 Not Found", /^npm could not install .* \(npm error 404 Not Found\)/],
  ])("npm: %s", async (_what, words, expected) => {
    tool("npm", fail(words));
    expect(await message({ tensorflow: fakeTensorFlow() })).toMatch(expected);
  });

  test.each([
    [
      "a header is missing",
      "fatal error: tensorflow/c/c_api.h: No such file or directory",
      /header tensorflow\/c\/c_api.h is missing \(too old, or not whole\)/,
    ],
    [
      "a symbol is missing",
      "undefined reference to 'TFE_NewContext'",
      /library lacks TFE_NewContext \(too old or too new\)/,
    ],
    [
      "another processor",
      "ld: skipping incompatible libtensorflow_cc.so.2 when searching",
      /for another kind of processor than this/,
    ],
    ["a full disk", "error writing to x.o: No space left on device", /the disk is full/],
    ["another failure", "error: what is this", /^the addon could not be compiled \(error: what is this\)/],
  ])("g++: %s", async (_what, words, expected) => {
    const mkdir = [dirname(process.execPath), "/usr/bin", "/bin"]
      .map((dir) => join(dir, "mkdir"))
      .find(existsSync);
    tool("npm", `${mkdir} -p node_modules/@tensorflow/tfjs-node-gpu`);
    tool("g++", `[ "$1" = --version ] && exit 0; ${fail(words.replace("'", "\\`"))}`);
    expect(await message({ tensorflow: fakeTensorFlow() })).toMatch(expected);
  });

  test("a cache that is no folder", async () => {
    writeFileSync(join(folder, "file"), "");
    vi.stubEnv("BRIDGEWISE_CACHE", join(folder, "file/cache"));
    await expect(buildEngine()).rejects.toThrow(
      /cannot be written \(ENOTDIR\); name another folder in BRIDGEWISE_CACHE/,
    );
  });
});

test("what a build that was killed left is removed by the next one", async () => {
  const engines = join(cacheFolder(), "engine");
  const dead = [".cpu-4194304999-0000.tmp", ".gpu-4194304999-0000.tmp"];
  const alive = `.cpu-${process.ppid}-0000.tmp`;
  for (const name of [...dead, alive, "cpu"]) mkdirSync(join(engines, name, "x"), { recursive: true });
  vi.stubEnv("CXX", "no-such-compiler");
  await expect(buildEngine()).rejects.toThrow(/no C\+\+ compiler/);
  expect(readdirSync(engines).sort()).toEqual([alive, "cpu"]);
});

test("an engine that is not built says how to build it", async () => {
  expect(await engineStatus("native", 0)).toMatchObject({
    usable: false,
    why: "not built",
    remedy: "run 'bridgewise engine build'",
  });
  expect(await engineStatus("cuda", 0)).toMatchObject({
    usable: false,
    why: expect.stringContaining("no NVIDIA card"),
  });
  tool("nvidia-smi", "echo 'NVIDIA A100, 40960'");
  expect(await engineStatus("cuda", 0)).toMatchObject({
    usable: false,
    remedy: "run 'bridgewise engine build --gpu'",
  });
});

test.each([
  [
    "/lib/libm.so.6: version `GLIBC_2.38' not found (required by x)",
    /C library is too old \(GLIBC_2.38 is needed\): take an older TensorFlow/,
  ],
  [
    "x.node: undefined symbol: TF_LoadSessionFromSavedModel",
    /lacks TF_LoadSessionFromSavedModel \(too old or too new\): run 'bridgewise engine build --force'/,
  ],
  [
    "libtensorflow_cc.so.2: cannot open shared object file: No such file or directory",
    /a library is missing.*engine build --force/,
  ],
  ["x.node: wrong ELF class: ELFCLASS32", /for another kind of processor; run/],
])("a failed load is explained: %s", (words, expected) => {
  expect(explainLoad(words, "native")).toMatch(expected);
});

describe("wheels", () => {
  const file = "tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl";

  test("say what they are", () => {
    expect(wheelTags(`/wheels/${file}`)).toEqual({
      name: "tensorflow_cpu",
      version: "2.21.0",
      platform: "manylinux_2_27_x86_64",
    });
  });

  test.each([
    ["2.36", "x64", null],
    ["2.27", "x64", null],
    [undefined, "x64", null],
    ["2.17", "x64", /needs glibc 2.27, this system has 2.17: give an older TensorFlow's wheel/],
    ["2.36", "arm64", /this machine is linux aarch64: give the wheel of this platform/],
  ] as const)("fit a system or not: glibc %s, %s", (glibc, arch, expected) => {
    const check = () => checkPlatform(file, { platform: "linux", arch, glibc });
    if (expected) expect(check).toThrow(expected);
    else check();
  });

  test("list what an extra needs", () => {
    const metadata = `Name: tensorflow
Requires-Dist: numpy>=1.26.0
Requires-Dist: nvidia-cudnn-cu12<10.0,>=9.3.0.75; extra == "and-cuda"
Requires-Dist: tensorflow-io-gcs-filesystem>=0.23.1; (sys_platform != "win32") and extra == "gcs-filesystem"
`;
    expect(requirementsOf(metadata, "and-cuda")).toEqual(["nvidia-cudnn-cu12<10.0,>=9.3.0.75"]);
  });
});

describe("what TensorFlow is told before it is loaded", () => {
  const place = { folder: "/engines/gpu", pkg: "" };

  test("on a CPU: one thread inside an op, and no card", () => {
    const env = {} as NodeJS.ProcessEnv;
    setEnvironment(env, "native", 2, place);
    expect(env).toEqual({
      CUDA_VISIBLE_DEVICES: "-1",
      TF_CPP_MIN_LOG_LEVEL: "3",
      TF_ENABLE_ONEDNN_OPTS: "0",
      TF_NUM_INTEROP_THREADS: "2",
      TF_NUM_INTRAOP_THREADS: "1",
    });
  });

  test("on a card: memory as it is needed, and where CUDA's code library is", () => {
    const env = { XLA_FLAGS: "--own" } as NodeJS.ProcessEnv;
    setEnvironment(env, "cuda", 1, place);
    expect(env).toMatchObject({
      TF_FORCE_GPU_ALLOW_GROWTH: "true",
      XLA_FLAGS: "--own --xla_gpu_cuda_data_dir=/engines/gpu/nvidia/cuda_nvcc",
    });
    expect(env).not.toHaveProperty("CUDA_VISIBLE_DEVICES");
  });
});

test("the cache is the user's", () => {
  expect(cacheFolder({ BRIDGEWISE_CACHE: "/a", XDG_CACHE_HOME: "/b" })).toBe("/a");
  expect(cacheFolder({ XDG_CACHE_HOME: "/b" })).toBe("/b/bridgewise");
  expect(cacheFolder({})).toMatch(/\.cache\/bridgewise$/);
});
