import { describe, inject } from "vitest";
import { engineNames, type TestEngine } from "./docker-engine.ts";

/** A suite of tests for each image store; skipped, and named so, for one of which no engine is here. */
export function describeOnEngines(title: string, suite: (engine: TestEngine) => void): void {
  for (const name of engineNames) {
    const engine = inject("engines").find((candidate) => candidate.name === name);
    if (engine !== undefined) describe(`${title} (${name} store)`, () => suite(engine));
    else {
      // Its tests are listed, and none of them runs.
      describe.skip(`${title} (no engine with the ${name} store here)`, () =>
        suite({ name, host: "unix:///nonexistent", root: "/nonexistent" }));
    }
  }
}
