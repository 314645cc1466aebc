// Compiles assembly/ to WebAssembly and embeds it, so that neither Node nor a browser has to find a file.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
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
    writeFile(name, contents) {
      if (name.endsWith(".wasm")) binary = contents;
    },
  },
);
if (error || !binary) {
  console.error(stderr?.toString() ?? "");
  throw error ?? new Error("the kernel was not compiled");
}
writeFileSync(
  new URL("../src/simd/kernel.generated.ts", import.meta.url),
  `// Made by scripts/build-kernel.mjs from assembly/; not for editing.\nexport const kernelBase64 =\n  "${Buffer.from(binary).toString("base64")}";\n`,
);
console.log(`kernel: ${binary.length} bytes`);
