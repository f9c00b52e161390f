import { defineConfig } from "vitest/config";

const project = (name: string, extra: object = {}) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], ...extra },
});

/** What waits for engines, chains and terminals may wait in vain on a machine that is busy: it is tried once more, and then said to be. */
const patient = { retry: 1 };

export default defineConfig({
  test: {
    // Tests start engines, chains and child processes; two cores carry two files at a time.
    maxWorkers: 2,
    reporters: ["default", "./test/support/closing-line.ts"],
    projects: [
      project("unit", { testTimeout: 30_000 }),
      project("fuzz", { testTimeout: 60_000 }),
      project("contract", { testTimeout: 120_000, hookTimeout: 120_000 }),
      project("integration", {
        ...patient,
        testTimeout: 120_000,
        hookTimeout: 120_000,
        globalSetup: "./test/support/docker-engine.ts",
      }),
      project("e2e", {
        ...patient,
        testTimeout: 180_000,
        hookTimeout: 180_000,
        globalSetup: "./test/support/docker-engine.ts",
      }),
    ],
  },
});
