import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Catalogue } from "../../../src/catalogue/catalogue.ts";
import { digestFromBytes32, digestKinds } from "../../../src/digest/digest.ts";
import { isDaoChainError } from "../../../src/errors.ts";
import { gatherLocally } from "../../../src/gates/index-evidence.ts";
import type { ImageFacts } from "../../../src/image/image.ts";
import type { Policy } from "../../../src/policy/policy.ts";
import { gatherEvidence } from "../../../src/verdict/chain-evidence.ts";
import { decide } from "../../../src/verdict/decide.ts";
import type { Evidence } from "../../../src/verdict/evidence.ts";
import { blockTime, connectionTo } from "../../support/catalogue.ts";
import { temporaryDirectory } from "../../support/embedded-chain.ts";
import { RegistryBench } from "../../support/registry.ts";
import { RegistryModel } from "../../support/registry-model.ts";
import { actors, digests, names, RegistryWorld, repositories, tags } from "../../support/registry-world.ts";

const acts = fc.array(fc.array(fc.nat(), { minLength: 40, maxLength: 40 }), {
  minLength: 100,
  maxLength: 250,
  size: "max",
});
/** Two organisations with admins and signers, and a claim, so that later acts find something to act on. */
const scene = [
  [0, 2, 1, 1, 1, 0, 1],
  [0, 2, 1, 1, 2, 1, 1],
];

const subjects = fc.uniqueArray(
  fc.record({
    kind: fc.constantFrom(...digestKinds),
    digest: fc.constantFrom(...digests.map((hex) => digestFromBytes32(hex as `0x${string}`))),
    platform: fc.constant(""),
  }),
  { minLength: 0, maxLength: 2, selector: ({ kind, digest }) => kind + digest },
);
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
  depth: fc.constantFrom("id" as const, "runtime" as const),
  layers: fc.constant("unread" as const),
  subjects,
  corruptions: fc.constant([]),
  notes: fc.constant([]),
  bytes: fc.constant(0),
});
const policy: fc.Arbitrary<Policy> = fc.record({
  organisation: fc.option(fc.constantFrom(...names, "nobody"), { nil: undefined, freq: 2 }),
  newest: fc.boolean(),
});
const questions = fc.array(fc.tuple(image, policy, fc.integer({ min: 0, max: 90 })), {
  minLength: 100,
  maxLength: 100,
  size: "max",
});

/** What was gathered, or why it was not, and the verdict on it at one moment. */
async function outcome(
  gather: () => Promise<Evidence> | Evidence,
  policy: Policy,
  now: number,
): Promise<unknown> {
  try {
    const evidence = { ...(await gather()), now };
    const bare = (claim: Evidence["head"]): unknown => {
      if (claim === undefined) return undefined;
      const {
        batch,
        submittedAt,
        row,
        by,
        isHead,
        organisationName,
        organisationThreshold,
        byOwner,
        ...rest
      } = claim as unknown as Record<string, unknown>;
      const { annotations, ...content } = rest["claim"] as Record<string, unknown>;
      return { ...rest, claim: content };
    };
    // A claim that stands twice in one batch is one claim.
    const once = new Map(evidence.claims.map((claim) => [claim.id + claim.record, claim]));
    const claims = [...once.values()].map((claim) => ({
      ...(bare(claim) as object),
      organisationName: claim.organisationName,
      organisationThreshold: claim.organisationThreshold,
      byOwner: claim.byOwner,
    }));
    return {
      evidence: { ...evidence, head: bare(evidence.head), claims },
      verdict: decide(evidence, policy),
    };
  } catch (error) {
    if (isDaoChainError(error)) return error.code;
    throw error;
  }
}

test("what a gate gathers from its own index is what verify gathers from the chain, and so is the verdict", {
  timeout: 600_000,
}, async () => {
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(acts, questions, fc.integer({ min: 1, max: 40 }), async (steps, asked, pause) => {
      const bench = await RegistryBench.deploy();
      await using directory = await temporaryDirectory();
      const connection = await connectionTo(bench);
      const catalogue = Catalogue.open(join(directory.path, "catalogue.sqlite"), connection.profile);
      try {
        const world = new RegistryWorld(bench, new RegistryModel(actors[0] ?? ""));
        for (const [index, step] of [...scene, ...steps].entries()) {
          await world.act(step);
          if (index % pause === 0) await catalogue.follow(connection);
        }
        await catalogue.follow(connection);
        const start = await blockTime(connection);
        for (const [facts, policy, later] of asked) {
          const wanted = await outcome(
            () => gatherEvidence(connection, facts, policy),
            policy,
            start + later,
          );
          const found = await outcome(
            () =>
              catalogue.look((snapshot) => {
                if (snapshot === undefined) throw new Error("nothing was followed");
                return gatherLocally(snapshot, connection.profile, facts, policy, 0);
              }),
            policy,
            start + later,
          );
          expect(found).toEqual(wanted);
          const status =
            typeof found === "string" ? found : (found as { verdict: { status: string } }).verdict.status;
          seen.set(status, (seen.get(status) ?? 0) + 1);
        }
      } finally {
        catalogue.close();
        await bench.close();
      }
    }),
    // Shrinking would play whole worlds again for hours: a failure tells its seed.
    { numRuns: 40, endOnFailure: true },
  );
  // The questions reach what they are meant to reach.
  const statuses = ["verified", "unsigned", "mismatch", "revoked", "untrusted", "ORGANISATION_NOT_FOUND"];
  for (const status of statuses) expect(seen.get(status) ?? 0, status).toBeGreaterThan(0);
});
