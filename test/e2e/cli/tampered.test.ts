import { readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Difference } from "../../../src/internal.ts";
import { CliHome, runProcess } from "../../support/cli.ts";
import { describeOnEngines } from "../../support/engines.ts";
import { findProgram } from "../../support/programs.ts";
import { configFile, loadVictim, tamperings } from "../../support/tamper.ts";
import type { VerdictJson } from "../../support/verdict.ts";

const program = findProgram("docker");

// What was signed was altered where it lies unpacked: docker inspect and docker run would not notice.
describeOnEngines("a signed image altered in the store", (engine) => {
  let home: CliHome;

  beforeAll(async () => {
    home = await CliHome.withAccount(engine.host);
    expect(await home.run(["up"])).toMatchObject({ code: 0 });
  });
  afterAll(() => home?.[Symbol.asyncDispose]());

  test.each(tamperings)("$title: is corrupt, and the path is named", async ({ alter, path, change }) => {
    const { name, layers } = await loadVictim(engine, program);
    expect((await home.run(["sign", name])).code).toBe(0);
    expect(await home.json<VerdictJson>(["verify", name])).toMatchObject({
      code: 0,
      value: { depth: "runtime" },
    });
    await alter(layers);
    const { code, value } = await home.json<VerdictJson>(["verify", name]);
    expect({ code, status: value.status, depth: value.depth }).toEqual({
      code: 18,
      status: "corrupt",
      depth: "runtime",
    });
    expect(value.reasons.some((reason) => reason.startsWith(`${path}: `))).toBe(true);
    const diff = await home.json<{ differences: Difference[] }>(["diff", name]);
    expect(diff).toMatchObject({ code: 18, value: { differences: [{ path, kind: change }] } });
    expect((await home.run(["diff", name])).stdout).toContain(path);
  });

  test("a config edited in the store is corrupt, or the image is gone", async () => {
    const { name } = await loadVictim(engine, program);
    expect((await home.run(["sign", name])).code).toBe(0);
    const { stdout } = await runProcess("docker", [
      "--host",
      engine.host,
      "image",
      "inspect",
      "--format",
      "{{.Id}}",
      name,
    ]);
    const file = await configFile(engine, stdout.trim());
    await writeFile(file, (await readFile(file, "utf8")).replace("/app/content", "/app/covered"));
    // A registry is asked for what the engine does not have.
    const { code, value } = await home.json<VerdictJson>(["verify", `docker-daemon:${name}`]);
    if (engine.name === "classic")
      expect({ code, status: value.status }).toEqual({ code: 20, status: "inconclusive" });
    else expect({ code, status: value.status }).toEqual({ code: 18, status: "corrupt" });
  });

  test("nothing altered differs in nothing", async () => {
    const { name } = await loadVictim(engine, program);
    expect(await home.json(["diff", name])).toMatchObject({ code: 0, value: { differences: [] } });
    expect((await home.run(["diff", `oci:${home.path("none")}`])).code).toBe(20);
  });
});
