import fc from "fast-check";
import { expect, test } from "vitest";
import { digestFromBytes32, digestKinds } from "../../../src/digest/digest.ts";
import type { ImageFacts } from "../../../src/image/image.ts";
import { type ImageQuestion, verifyImage, verifyImages } from "../../../src/verdict/verify.ts";
import { connectionTo } from "../../support/catalogue.ts";
import { RegistryBench } from "../../support/registry.ts";
import { RegistryModel } from "../../support/registry-model.ts";
import { actors, digests, names, RegistryWorld, repositories, tags } from "../../support/registry-world.ts";

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
const carriedName = fc.record({
  repository: fc.constantFrom(...repositories, "elsewhere.io/x"),
  tag: fc.constantFrom(...tags, "3"),
  carried: fc.constant(true),
});
const image: fc.Arbitrary<ImageFacts> = fc.record({
  image: fc.constant("some image"),
  transport: fc.constant("docker-daemon" as const),
  name: fc.option(
    fc.record({
      repository: fc.constantFrom(...repositories, "docker.io/acme/api/deeper", "elsewhere.io/x"),
      tag: fc.constantFrom(...tags, "3"),
      carried: fc.integer({ min: 0, max: 4 }).map((number) => number > 0),
    }),
    { nil: undefined, freq: 6 },
  ),
  otherNames: fc.array(carriedName, { maxLength: 2 }),
  depth: fc.constantFrom("id" as const, "content" as const),
  layers: fc.constant("config" as const),
  subjects: fc.uniqueArray(
    fc.record({
      kind: fc.constantFrom(...digestKinds),
      digest: fc.constantFrom(...digests.map((hex) => digestFromBytes32(hex as `0x${string}`))),
      platform: fc.constant(""),
    }),
    { minLength: 0, maxLength: 2, selector: ({ kind, digest }) => kind + digest },
  ),
  corruptions: fc
    .integer({ min: 0, max: 20 })
    .map((at) => (at === 0 ? [{ at: "layer", detail: "other" }] : [])),
  notes: fc.constant([]),
  bytes: fc.constant(0),
});
const policy = fc.record({
  organisation: fc.option(fc.constantFrom(...names.slice(0, 2)), { nil: undefined, freq: 2 }),
  newest: fc.boolean(),
});

const toQuestion = (facts: ImageFacts): ImageQuestion => ({
  image: facts.image,
  open: async () => ({ image: facts.image, transport: facts.transport, inspect: async () => facts }),
});

test("images that are judged together get the verdicts that each would get alone", {
  timeout: 600_000,
}, async () => {
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(
      acts,
      fc.array(image, { minLength: 60, maxLength: 60, size: "max" }),
      fc.array(policy, { minLength: 2, maxLength: 2 }),
      async (steps, asked, policies) => {
        const bench = await RegistryBench.deploy();
        const connection = await connectionTo(bench);
        try {
          const world = new RegistryWorld(bench, new RegistryModel(actors[0] ?? ""));
          for (const step of [...scene, ...steps]) await world.act(step);
          const questions = asked.map(toQuestion);
          for (const wanted of policies) {
            const outcome = async (task: () => Promise<unknown>): Promise<unknown> =>
              task().catch((error) => error.code);
            const alone = await outcome(async () => {
              const verdicts = [];
              for (const { image, open } of questions)
                verdicts.push(await verifyImage(image, open, async () => connection, wanted));
              return verdicts.map((verdict) => ({ ...verdict, checkedAt: "" }));
            });
            const together = await outcome(async () => {
              const verdicts = await verifyImages(questions, async () => connection, wanted);
              return verdicts.map((verdict) => ({ ...verdict, checkedAt: "" }));
            });
            expect(together).toEqual(alone);
            if (!Array.isArray(alone)) continue;
            for (const { status } of alone) seen.set(status, (seen.get(status) ?? 0) + 1);
          }
        } finally {
          await bench.close();
        }
      },
    ),
    // Shrinking would play whole worlds again for hours: a failure tells its seed.
    { numRuns: 8, endOnFailure: true },
  );
  for (const status of ["verified", "unsigned", "mismatch", "revoked", "untrusted", "corrupt"])
    expect(seen.get(status) ?? 0, status).toBeGreaterThan(0);
});
