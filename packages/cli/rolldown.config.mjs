import { defineConfig } from "rolldown";

// One file for the command and Effect, whose some hundred modules take a fifth of a second to find and load at every start.
// The packages of this repository stay what they are: they find their own files (worker threads, the report's page).
// But for perspective, which has no such files and is written with Effect, too: one Effect for both.
export default defineConfig({
  input: "src/main.ts",
  platform: "node",
  transform: { target: "node22.12" },
  external: /^@bridgewise\/(?!perspective)/,
  output: { file: "dist/command.js", format: "esm", codeSplitting: false },
});
