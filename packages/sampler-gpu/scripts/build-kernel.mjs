// Compiles assembly/ to WebAssembly, once in float64 and once in float32, and embeds both, so that neither Node nor a browser has to find a file.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

/** In the float32 kernel `x.f32.ts` stands for `x.ts` where there is one. */
async function compile(precision) {
  let binary;
  const { error, stderr } = await asc.main(
    [
      "assembly/index.ts",
      "--outFile",
      "kernel.wasm",
      "-O3",
      "--noAssert",
      "--runtime",
      "stub",
      "--enable",
      "simd",
      "--importMemory",
      "--initialMemory",
      "1",
    ],
    {
      stderr: asc.createMemoryStream(),
      readFile(name) {
        const other = name.replace(/\.ts$/, ".f32.ts");
        const file = precision === "float32" && existsSync(other) ? other : name;
        return existsSync(file) ? readFileSync(file, "utf8") : null;
      },
      writeFile(name, contents) {
        if (name.endsWith(".wasm")) binary = contents;
      },
    },
  );
  if (error || !binary) {
    console.error(stderr?.toString() ?? "");
    throw error ?? new Error(`the ${precision} kernel was not compiled`);
  }
  console.log(`kernel, ${precision}: ${binary.length} bytes`);
  return Buffer.from(binary).toString("base64");
}

writeFileSync(
  new URL("../src/simd/kernel.generated.ts", import.meta.url),
  `// Made by scripts/build-kernel.mjs from assembly/; not for editing.
export const kernelBase64 = {
  float64:
    "${await compile("float64")}",
  float32:
    "${await compile("float32")}",
};
`,
);
