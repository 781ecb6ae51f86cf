import { defineConfig } from "vitest/config";

const editor = "test/editor/**/*.test.ts";

// biome-ignore lint/style/noDefaultExport: vitest reads its config from the default export.
export default defineConfig({
  test: {
    setupFiles: ["test/support/fixed-seed.ts"],
    // As engines have it (daemon/supervisor/start-engine.ts).
    env: { ORT_DISABLE_TELEMETRY: "1" },
    testTimeout: 120_000,
    pool: "forks",
    projects: [
      {
        extends: true,
        test: {
          name: "parts",
          include: ["test/**/*.test.ts"],
          exclude: [editor],
          sequence: { groupOrder: 0 },
        },
      },
      {
        // An editor, a browser and a painting engine together need the machine for themselves.
        extends: true,
        test: {
          name: "editor",
          include: [editor],
          hookTimeout: 180_000,
          testTimeout: 300_000,
          fileParallelism: false,
          bail: 1,
          expect: { poll: { timeout: 90_000, interval: 50 } },
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
