import { defineConfig } from "vite";

// One classic script and one style sheet: pages opened from disk may not load ES modules.
export default defineConfig({
  publicDir: false,
  resolve: { conditions: ["@bridgewise/source", "browser", "import", "module", "default"] },
  build: {
    outDir: "dist/page",
    emptyOutDir: true,
    target: "es2022",
    lib: {
      entry: "src/page/main.ts",
      formats: ["iife"],
      name: "BridgewiseReport",
      fileName: () => "report.js",
      cssFileName: "report",
    },
  },
});
