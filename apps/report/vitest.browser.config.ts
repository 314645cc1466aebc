import { defineConfig } from "vitest/config";

const conditions = ["@bridgewise/source", "node", "import", "module", "default"];

/** The report in a real Chromium: `npm run test:browser`, `-- --update` to renew the pictures. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ["test-browser/**/*.test.ts"],
    globalSetup: "test-browser/setup.ts",
    testTimeout: 480_000,
    hookTimeout: 480_000,
    // one browser at a time: pictures and times are those of a machine at rest
    fileParallelism: false,
  },
});
