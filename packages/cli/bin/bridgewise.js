#!/usr/bin/env node
import { existsSync } from "node:fs";

const main = new URL("../dist/main.js", import.meta.url);
if (!existsSync(main)) {
  console.error("bridgewise: the command is not built yet: run 'npm run build' first");
  process.exit(1);
}
const { run } = await import(main.href);
run();
