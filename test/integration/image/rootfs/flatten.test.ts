import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openImage } from "../../../../src/image/open.ts";
import { startEngine } from "../../../support/docker-engine.ts";
import { describeOnEngines } from "../../../support/engines.ts";
import { EngineApi } from "../../../support/exported-tree.ts";
import { engineWorlds, flattenWorld, type OwnWorld } from "../../../support/flattened-worlds.ts";
import { testDirectory } from "../../../support/images.ts";
import { randomWorld, sideBySide } from "../../../support/layer-stacks.ts";
import { layerTar, loadableArchive } from "../../../support/layer-tar.ts";

// Another run of worlds each day would find what this one does not: DAOCHAIN_TEST_SEED=... tries them.
const firstSeed = Number(process.env["DAOCHAIN_TEST_SEED"] ?? 1);
const BATCH = 100;

function worlds(count: number): OwnWorld[] {
  return Array.from({ length: count }, (_, index) =>
    flattenWorld(randomWorld(firstSeed + index, `w${String(index % BATCH).padStart(3, "0")}`)),
  );
}

const hasOneMeaning = ({ flattened }: OwnWorld) => flattened.doubts.length === 0;

/** Loads each world into the engine, and compares what comes out with what our flattening says. */
async function compare(engine: EngineApi, all: readonly OwnWorld[]): Promise<void> {
  for (let at = 0; at < all.length; at += BATCH) {
    const batch = all.slice(at, at + BATCH).filter(hasOneMeaning);
    const tag = `daochain/worlds-${randomBytes(4).toString("hex")}:1`;
    const found = await engineWorlds(engine, batch, tag);
    for (const { world, lines } of batch) {
      expect(found.get(world.directory), `seed ${world.seed}`).toBe(lines);
    }
  }
}

describe("random stacks of layers", () => {
  it("have one meaning more often than not, and some of them do not", () => {
    const all = worlds(3000);
    const clear = all.filter(hasOneMeaning);
    expect(clear.length).toBeGreaterThan(all.length / 2);
    expect(clear.length).toBeLessThan(all.length);
    // Of few of these is anything left to the engine.
    expect(clear.filter(({ loose }) => loose.size > 0).length).toBeLessThan(clear.length / 4);
  });
});

describeOnEngines("a stack of layers that has one meaning", (engine) => {
  it("comes out of the engine as our flattening says, thousands of times", { timeout: 300_000 }, async () => {
    await compare(new EngineApi(engine.host), worlds(3000));
  });

  it("has the runtime digest in the engine that its archive has", async () => {
    const clear = worlds(BATCH).filter((own) => hasOneMeaning(own) && own.loose.size === 0);
    const layers = sideBySide(clear.map(({ world }) => world)).map(layerTar);
    const tag = `daochain/world-${randomBytes(4).toString("hex")}:1`;
    const path = join(await testDirectory(), "worlds.tar");
    await writeFile(path, loadableArchive({ layers }, tag));
    const api = new EngineApi(engine.host);
    await api.load({ layers }, tag);
    try {
      const docker = { host: engine.host };
      const inArchive = await (await openImage(`docker-archive:${path}`, { docker })).inspect();
      const inEngine = await (await openImage(tag, { docker })).inspect({ depth: "runtime" });
      const runtime = inArchive.subjects.filter(({ kind }) => kind === "runtime");
      expect(runtime).toHaveLength(1);
      expect(inEngine.subjects.filter(({ kind }) => kind === "runtime")).toEqual(runtime);
      expect(inEngine.corruptions).toEqual([]);
    } finally {
      await api.remove(tag);
    }
  });
});

describe("a stack of layers that has one meaning (containerd store, native driver)", () => {
  // Layers are not overlaid there, but unpacked one onto the other: what overlayfs does by accident shows.
  const isHere = inject("engines").some(({ name }) => name === "containerd");
  let engine: Awaited<ReturnType<typeof startEngine>> | undefined;
  beforeAll(async () => {
    if (isHere) engine = await startEngine("containerd", { driver: "native" });
  });
  afterAll(() => engine?.stop());

  it.skipIf(!isHere)("comes out of the engine as our flattening says", { timeout: 300_000 }, async () => {
    await compare(new EngineApi(engine?.host ?? ""), worlds(500));
  });
});
