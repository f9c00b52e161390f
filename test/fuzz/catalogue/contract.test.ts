import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Catalogue } from "../../../src/catalogue/catalogue.ts";
import {
  blockTime,
  connectionTo,
  inOrder,
  organisationsOfContract,
  whatCatalogueSays,
  whatContractSays,
} from "../../support/catalogue.ts";
import { temporaryDirectory } from "../../support/embedded-chain.ts";
import { RegistryBench } from "../../support/registry.ts";
import { RegistryModel } from "../../support/registry-model.ts";
import { actors, RegistryWorld } from "../../support/registry-world.ts";

// Acts are as many numbers as choosing one may draw; a failure tells its seed and shrinks to few acts.
const acts = fc.array(fc.array(fc.nat(), { minLength: 40, maxLength: 40 }), {
  minLength: 100,
  maxLength: 200,
  size: "max",
});
/** Two organisations with admins and signers, so that later acts find something to act on. */
const scene = [
  [0, 2, 1, 1, 1, 0, 1],
  [0, 2, 1, 1, 2, 1, 1],
];

test("a catalogue says of every claim and organisation what the contract says, followed act by act or made anew", {
  timeout: 600_000,
}, async () => {
  const seen = { entries: 0, heads: 0, standings: new Map<string, number>() };
  await fc.assert(
    fc.asyncProperty(acts, fc.integer({ min: 1, max: 40 }), async (steps, pause) => {
      const bench = await RegistryBench.deploy();
      await using directory = await temporaryDirectory();
      const connection = await connectionTo(bench);
      const catalogue = Catalogue.open(join(directory.path, "catalogue.sqlite"), connection.profile);
      const anew = Catalogue.open(join(directory.path, "anew.sqlite"), connection.profile);
      try {
        const world = new RegistryWorld(bench, new RegistryModel(actors[0] ?? ""));
        for (const [index, step] of [...scene, ...steps].entries()) {
          await world.act(step);
          if (index % pause === 0) await catalogue.follow(connection, { search: index % 2 === 0 });
        }
        await catalogue.follow(connection);
        await anew.follow(connection);
        const now = (await blockTime(connection)) + 5;
        const said = await whatContractSays(connection, now);
        expect(whatCatalogueSays(catalogue, now)).toEqual(said);
        expect(whatCatalogueSays(anew, now)).toEqual(said);
        expect(catalogue.organisations().map(inOrder)).toEqual(await organisationsOfContract(connection));
        for (const entry of said.values()) {
          seen.entries++;
          if (entry.isHead) seen.heads++;
          seen.standings.set(entry.standing, (seen.standings.get(entry.standing) ?? 0) + 1);
        }
      } finally {
        catalogue.close();
        anew.close();
        await bench.close();
      }
    }),
    { numRuns: 60 },
  );
  // The acts reach what they are meant to reach.
  expect(seen.heads).toBeGreaterThan(10);
  for (const standing of ["good", "pending", "revoked", "untrusted", "expired"]) {
    expect(seen.standings.get(standing) ?? 0, standing).toBeGreaterThan(0);
  }
});
