import fc from "fast-check";
import { expect, test } from "vitest";
import { RegistryBench } from "../../support/registry.ts";
import { RegistryModel } from "../../support/registry-model.ts";
import { actors, RegistryWorld } from "../../support/registry-world.ts";

// Acts are as many numbers as choosing one may draw; a failure tells its seed and shrinks to few acts.
const runs = 20;
const acts = fc.array(fc.array(fc.nat(), { minLength: 40, maxLength: 40 }), {
  minLength: 150,
  maxLength: 250,
  size: "max",
});
/** What sets the scene: two organisations with admins and signers, so that later acts find something to act on. */
const scene = [
  [0, 2, 1, 1, 1, 0, 1],
  [0, 2, 1, 1, 2, 1, 1],
];

test("the contract and a plain model of its rules give the same answers to the same acts", {
  timeout: 300_000,
}, async () => {
  const answers = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(acts, async (steps) => {
      const bench = await RegistryBench.deploy();
      try {
        const world = new RegistryWorld(bench, new RegistryModel(actors[0] ?? ""));
        for (const [index, step] of [...scene, ...steps].entries()) {
          const { act, contract, model } = await world.act(step);
          expect({ index, act, answer: contract }).toEqual({ index, act, answer: model });
        }
        const { contract, model } = await world.state();
        expect(contract).toEqual(model);
        for (const [answer, count] of world.answers) answers.set(answer, (answers.get(answer) ?? 0) + count);
      } finally {
        await bench.close();
      }
    }),
    { numRuns: runs },
  );
  const total = [...answers.values()].reduce((sum, count) => sum + count, 0);
  expect(total).toBeGreaterThan(150 * runs);
  // The acts reach what they are meant to reach.
  for (const answer of ["submitClaim done", "submitBatch done", "approve done", "revokeClaimInBatch done"]) {
    expect(answers.get(answer) ?? 0, answer).toBeGreaterThan(0);
  }
  if (process.env["DAOCHAIN_TEST_ANSWERS"] !== undefined) {
    console.log(total, Object.fromEntries([...answers].sort()));
  }
});
