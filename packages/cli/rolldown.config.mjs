import { defineConfig } from "rolldown";

// One file for the command and Effect, whose some hundred modules take a fifth of a second to find and load at every start,
// and one for the threads that fit a plan's models side by side.
// The packages of this repository stay what they are: they find their own files (worker threads, the report's page).
// But for perspective, which has no such files and is written with Effect, too: one Effect for both.
const bundle = (input, file) => ({
  input,
  platform: "node",
  transform: { target: "node22.12" },
  external: /^@bridgewise\/(?!perspective)/,
  output: { file, format: "esm", codeSplitting: false },
});

export default defineConfig([
  bundle("src/main.ts", "dist/command.js"),
  bundle("src/pipeline/plan-worker.ts", "dist/plan-worker.js"),
]);
