import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DigestKind } from "../../../src/digest/digest.ts";
import { depths, type ImageFacts, type Subject } from "../../../src/image/image.ts";
import type { Policy } from "../../../src/policy/policy.ts";
import { decide } from "../../../src/verdict/decide.ts";
import type { ClaimEvidence, Evidence } from "../../../src/verdict/evidence.ts";
import type { VerdictStatus } from "../../../src/verdict/verdict.ts";
import { claim, digest, evidence, facts, now, subject } from "../../support/evidence.ts";
import { expectVerdict } from "../../support/verdict.ts";

// Small worlds, so that claims, names and digests coincide often.
const repositories = ["docker.io/acme/api", "docker.io/acme/base", "localhost/api"];
const tags = ["", "1.0", "2.0"];
const kinds: readonly DigestKind[] = ["config", "manifest", "index", "runtime"];
const organisations = ["acme", "evil", "qa"];
const runs = { numRuns: 3000 };

/** The first of some values more often than the others. */
const mostly = <T>(first: T, ...others: T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { arbitrary: fc.constant(first), weight: 2 },
    { arbitrary: fc.constantFrom(...others), weight: 1 },
  );

const subjects = fc
  .uniqueArray(
    fc.record({ kind: mostly<DigestKind>("config", ...kinds), number: fc.integer({ min: 1, max: 3 }) }),
    { selector: ({ kind, number }) => `${kind}${number}`, minLength: 1, maxLength: 3 },
  )
  .map((parts): Subject[] => parts.map(({ kind, number }) => subject(kind, number)));

const time = fc.integer({ min: now - 3, max: now + 3 });
const claims = fc
  .record({
    by: mostly("acme", ...organisations),
    repository: mostly("docker.io/acme/api", ...repositories),
    tag: mostly("1.0", ...tags),
    subjects,
    issuedAt: time,
    expiresAt: fc.oneof(fc.constant(0), fc.constant(0), time),
    threshold: mostly(1, 0, 2),
    validApprovals: mostly(1, 0, 2),
    organisationThreshold: fc.integer({ min: 1, max: 2 }),
    revokedAt: fc.constantFrom(0, 0, 0, now - 1),
  })
  .map((parts) => claim(parts));
const names = fc.option(
  fc.record({
    repository: mostly("docker.io/acme/api", ...repositories),
    tag: mostly("1.0", ...tags),
    carried: fc.boolean(),
  }),
  { nil: undefined },
);
const images: fc.Arbitrary<ImageFacts> = fc
  .record({
    name: names,
    otherNames: mostly<ImageFacts["otherNames"]>(undefined, [
      { repository: "docker.io/acme/api", tag: "3.0", carried: true },
    ]),
    depth: fc.constantFrom(...depths),
    subjects: fc.oneof({ arbitrary: subjects, weight: 9 }, { arbitrary: fc.constant([]), weight: 1 }),
    corrupt: fc.integer({ min: 0, max: 9 }),
  })
  .map(({ corrupt, ...more }) =>
    facts({ ...more, corruptions: corrupt === 0 ? [{ at: "layer 1", detail: "is another" }] : [] }),
  );

/** A case as the chain could give it: revoked digests and the head agree with the claims. */
const cases = fc
  .record({
    facts: images,
    claims: fc.array(claims, { maxLength: 5 }),
    owners: fc.record({
      acme: mostly<string | undefined>("acme", "evil", undefined),
      localhost: mostly<string | undefined>("acme", "evil", undefined),
    }),
    asked: mostly<string | undefined>(undefined, "acme", "evil"),
    revoked: fc.uniqueArray(
      fc.record({ by: fc.constantFrom(...organisations), number: fc.integer({ min: 1, max: 4 }) }),
      { selector: ({ by, number }) => `${by}${number}`, maxLength: 1 },
    ),
    stranger: fc.option(claims, { nil: undefined }),
    newest: fc.boolean(),
    maxAge: mostly<number | undefined>(undefined, 1, 3),
  })
  .map((parts): { given: Evidence; policy: Policy } => {
    const ownerOf = (repository: string): string | undefined =>
      parts.owners[repository.startsWith("localhost/") ? "localhost" : "acme"];
    const withRevocations = (one: ClaimEvidence, index: number): ClaimEvidence => ({
      ...claim({ ...toParts(one), number: index + 1 }),
      byOwner: ownerOf(one.claim.repository) === one.organisationName,
      revokedDigests: one.claim.subjects
        .map((named) => named.digest)
        .filter((named) =>
          parts.revoked.some(({ by, number }) => by === one.organisationName && digest(number) === named),
        ),
    });
    const all = parts.claims.map(withRevocations);
    const { name } = parts.facts;
    const asked = parts.asked ?? (name === undefined ? undefined : ownerOf(name.repository));
    const required =
      asked === undefined ? undefined : { id: claim({ by: asked }).claim.organisation, name: asked };
    const ofTag = (one: ClaimEvidence): boolean =>
      one.claim.organisation === required?.id &&
      one.claim.repository === name?.repository &&
      one.claim.tag === name.tag &&
      one.claim.tag !== "" &&
      one.threshold > 0;
    const stranger = parts.stranger === undefined ? [] : [withRevocations(parts.stranger, 9)];
    const head = [...all, ...stranger].filter(ofTag).sort((a, b) => b.claim.issuedAt - a.claim.issuedAt)[0];
    // Everybody's claims that name one of the image's digests are gathered; a head may name none of them.
    const named = new Set(parts.facts.subjects.map((one) => one.digest));
    const touching = all.filter((one) => one.claim.subjects.some((other) => named.has(other.digest)));
    const isHeadTouching = head?.claim.subjects.some((one) => named.has(one.digest)) === true;
    return {
      given: evidence({
        facts: parts.facts,
        required,
        head,
        claims:
          head !== undefined && isHeadTouching && !touching.includes(head) ? [...touching, head] : touching,
        revoked: parts.facts.subjects
          .map((one) => one.digest)
          .filter((one) =>
            parts.revoked.some(({ by, number }) => by === required?.name && digest(number) === one),
          ),
      }),
      policy: { organisation: parts.asked, newest: parts.newest, maxAge: parts.maxAge },
    };
  });

function toParts(one: ClaimEvidence) {
  const { repository, tag, subjects, issuedAt, expiresAt } = one.claim;
  const { organisationName: by, threshold, validApprovals, organisationThreshold, revokedAt } = one;
  return {
    ...{ by, repository, tag, subjects, issuedAt, expiresAt },
    ...{ threshold, validApprovals, organisationThreshold, revokedAt },
  };
}

// ---------------------------------------------------------------- the rules once more, as sets and not as steps

function modelNames(image: ImageFacts, one: Pick<ClaimEvidence, "claim">): boolean {
  const key = (named: { kind: string; digest: string }): string => `${named.kind} ${named.digest}`;
  const claimed = new Set(one.claim.subjects.map(key));
  return kinds.some((kind) => {
    const own = image.subjects.filter((named) => named.kind === kind).map(key);
    return own.length > 0 && own.every((named) => claimed.has(named));
  });
}

/** It says that something else would run. */
function modelContradicts(
  image: ImageFacts,
  { claim: { subjects: claimed } }: Pick<ClaimEvidence, "claim">,
): boolean {
  const runtimesOf = (all: readonly Subject[]) => all.filter(({ kind }) => kind === "runtime");
  return runtimesOf(image.subjects).some((own) => {
    const others = runtimesOf(claimed).filter(({ platform }) => platform === own.platform);
    return others.length > 0 && !others.some((other) => other.digest === own.digest);
  });
}

function modelFlaw(
  one: Omit<ClaimEvidence, "organisationName" | "organisationThreshold" | "byOwner">,
  at: number,
  maxAge = Number.POSITIVE_INFINITY,
) {
  const flaws: [VerdictStatus, boolean][] = [
    ["revoked", one.revokedAt > 0 || one.revokedDigests.length > 0],
    ["untrusted", one.validApprovals === 0],
    ["pending", one.threshold === 0 || one.validApprovals < one.threshold],
    ["expired", Math.min(one.claim.expiresAt || Number.POSITIVE_INFINITY, one.claim.issuedAt + maxAge) <= at],
  ];
  return flaws.find(([, has]) => has)?.[0];
}

function model({ facts: image, ...given }: Evidence, policy: Policy): VerdictStatus {
  if (image.corruptions.length > 0) return "corrupt";
  if (image.subjects.length === 0) return "inconclusive";
  if (policy.organisation !== undefined && policy.organisation !== given.required?.name)
    return "inconclusive";

  const { name } = image;
  const carried = name?.carried === true;
  const naming = given.claims.filter((one) => modelNames(image, one));
  const asked = naming.filter((one) => {
    const isRequired = given.required !== undefined && one.organisationName === given.required.name;
    if (carried) return isRequired && one.claim.repository === name.repository;
    return policy.organisation === undefined ? one.byOwner : isRequired;
  });
  const counting = asked.filter((one) => !modelContradicts(image, one));
  const flawOf = (one: ClaimEvidence) => modelFlaw(one, given.now, policy.maxAge);
  if (!counting.some((one) => flawOf(one) === undefined)) {
    const rank = (one: ClaimEvidence) => {
      const order = [undefined, "revoked", "untrusted", "pending", "expired"].indexOf(flawOf(one));
      const isTag = one.claim.repository === name?.repository && one.claim.tag === name.tag;
      return [order, isTag ? 0 : 1, -one.claim.issuedAt, -one.block];
    };
    const [first] = [...asked].sort((a, b) =>
      isLess(rank(a), rank(b)) ? -1 : isLess(rank(b), rank(a)) ? 1 : a.id < b.id ? -1 : 1,
    );
    if (first !== undefined && modelContradicts(image, first)) return "corrupt";
  }
  const good = counting.filter((one) => modelFlaw(one, given.now, policy.maxAge) === undefined);
  if (given.revoked.length > 0 && (carried || policy.organisation !== undefined || good.length === 0))
    return "revoked";
  if (good.length === 0) {
    const order: readonly VerdictStatus[] = ["revoked", "untrusted", "pending", "expired"];
    const flaw = order.find((status) =>
      counting.some((one) => modelFlaw(one, given.now, policy.maxAge) === status),
    );
    if (flaw !== undefined) return flaw;
    if (given.head !== undefined) return "mismatch";
    return naming.length > 0 ? "untrusted" : "unsigned";
  }
  const isOfTag = (one: ClaimEvidence): boolean =>
    one.claim.repository === name?.repository && one.claim.tag === name.tag;
  const key = (one: ClaimEvidence): number[] => [isOfTag(one) ? 1 : 0, one.claim.issuedAt, one.block];
  const told = good.reduce((a, b) => (key(b).join() === key(a).join() || isLess(key(b), key(a)) ? a : b));
  if (name === undefined || name.tag === "" || told.claim.repository !== name.repository) return "verified";
  if (!carried && good.some((one) => one.claim.repository !== name.repository)) return "verified";
  if (given.head === undefined)
    return policy.newest || image.otherNames !== undefined ? "unsigned" : "verified";
  if (!modelNames(image, given.head) || modelContradicts(image, given.head)) {
    if (!good.some(isOfTag)) return "mismatch";
    return policy.newest ? "superseded" : "verified";
  }
  return good.some(isOfTag) ? "verified" : (modelFlaw(given.head, given.now, policy.maxAge) ?? "verified");
}

function isLess(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0);
}

describe("decide", () => {
  test("agrees with the rules written a second time", () => {
    const seen = new Set<VerdictStatus>();
    fc.assert(
      fc.property(cases, ({ given, policy }) => {
        const { status } = decide(given, policy);
        expect(status).toBe(model(given, policy));
        seen.add(status);
      }),
      { numRuns: 10_000 },
    );
    // Every status there is has come up, but the one that no rule gives yet.
    expect([...seen].sort()).toEqual(
      [
        "corrupt",
        "expired",
        "inconclusive",
        "mismatch",
        "pending",
        "revoked",
        "superseded",
        "unsigned",
        "untrusted",
        "verified",
      ].sort(),
    );
  });

  test("is pure, deterministic, and blind to the order in which claims came", () => {
    fc.assert(
      fc.property(cases, fc.integer(), ({ given, policy }, seed) => {
        const before = structuredClone(given);
        const verdict = decide(given, policy);
        expect(given).toEqual(before);
        expect(decide(before, policy)).toEqual(verdict);
        const shuffled = [...given.claims].sort((a, b) => ((a.block * seed) % 7) - ((b.block * seed) % 7));
        expect(decide({ ...given, claims: shuffled }, policy)).toEqual(verdict);
      }),
      runs,
    );
  });

  test("gives the same keys each time, and a status with the claim that it rests on", () => {
    fc.assert(
      fc.property(cases, ({ given, policy }) => {
        const verdict = decide(given, policy);
        expectVerdict(JSON.parse(JSON.stringify(verdict)), verdict.status);
        expect(verdict.reasons.length).toBeGreaterThan(0);
        expect(verdict.claim === null).toBe(verdict.matched === null);
        if (["verified", "superseded", "expired", "pending"].includes(verdict.status)) {
          expect(given.claims.map(({ id }) => id as string)).toContain(verdict.claim?.id);
        }
      }),
      runs,
    );
  });

  test("never verifies what the organisation that is asked has revoked", () => {
    fc.assert(
      fc.property(cases, ({ given, policy }) => {
        const { status, claim: told } = decide(given, policy);
        if (given.facts.name?.carried === true && given.revoked.length > 0)
          expect(status).not.toBe("verified");
        if (status !== "verified") return;
        const rested = given.claims.find(({ id }) => id === told?.id);
        expect(rested).toMatchObject({ revokedAt: 0, revokedDigests: [] });
      }),
      runs,
    );
  });

  test("never lets a corrupt image be anything else", () => {
    fc.assert(
      fc.property(cases, ({ given, policy }) => {
        const corrupt = { ...given.facts, corruptions: [{ at: "config", detail: "is another" }] };
        expect(decide({ ...given, facts: corrupt }, policy)).toMatchObject({
          status: "corrupt",
          claim: null,
        });
      }),
      runs,
    );
  });

  test("compares no digest with one of another kind", () => {
    fc.assert(
      fc.property(cases, ({ given, policy }) => {
        const turned = (one: Subject): Subject => ({
          ...one,
          kind: kinds[(kinds.indexOf(one.kind) + 1) % kinds.length] ?? "config",
        });
        const only = given.claims.filter(
          ({ claim: { subjects: own } }) => new Set(own.map(({ kind }) => kind)).size === 1,
        );
        const confused = only.map((one) => ({
          ...one,
          claim: {
            ...one.claim,
            subjects: given.facts.subjects.filter(({ kind }) => kind === "config").map(turned),
          },
        }));
        const configs = given.facts.subjects.filter(({ kind }) => kind === "config");
        const image = { ...given.facts, subjects: configs };
        if (configs.length === 0) return;
        const { status, claim: told } = decide(
          { ...given, facts: image, claims: confused, head: undefined },
          policy,
        );
        expect(told).toBeNull();
        expect(["corrupt", "inconclusive", "revoked", "unsigned"]).toContain(status);
      }),
      runs,
    );
  });

  test("does not verify more, nor less, because of what a foreign organisation claims", () => {
    fc.assert(
      fc.property(cases, claims, ({ given, policy }, more) => {
        // Without a name to ask for, whoever owns the repository that was claimed is not foreign.
        const foreign = claim({ ...toParts(more), by: "stranger", number: 99, byOwner: false });
        const before = decide(given, policy);
        const after = decide({ ...given, claims: [foreign, ...given.claims] }, policy);
        if (before.status === "verified") expect(after).toEqual(before);
        else {
          expect(after.status).not.toBe("verified");
          // At most, an image that nobody claimed turns into one that is claimed by somebody else.
          if (after.status !== before.status) {
            expect([before.status, after.status]).toEqual(["unsigned", "untrusted"]);
          }
        }
      }),
      runs,
    );
  });

  test("does not verify later what it no longer verified", () => {
    fc.assert(
      fc.property(cases, fc.nat({ max: 10 }), ({ given, policy }, seconds) => {
        const early = decide(given, policy).status;
        const late = decide({ ...given, now: given.now + seconds }, policy).status;
        if (late === "verified") expect(early).toBe("verified");
        if (early === "expired") expect(late).toBe("expired");
      }),
      runs,
    );
  });

  test("does not verify more where the newest is asked for", () => {
    fc.assert(
      fc.property(cases, ({ given, policy }) => {
        const strict = decide(given, { ...policy, newest: true }).status;
        const mild = decide(given, { ...policy, newest: false }).status;
        if (strict !== mild) {
          expect(mild).toBe("verified");
          expect(["superseded", "unsigned"]).toContain(strict);
        }
      }),
      runs,
    );
  });
});
