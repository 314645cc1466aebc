#!/usr/bin/env node
import { existsSync } from "node:fs";
import * as module from "node:module";

// compiling the command's modules takes a tenth of a second at every start (Node 22.1 and newer keep the result)
module.enableCompileCache?.();

const main = new URL("../dist/command.js", import.meta.url);
if (!existsSync(main)) {
  console.error("bridgewise: the command is not built yet: run 'npm run build' first");
  process.exit(1);
}
const { run } = await import(main.href);
run();
