import { expect, it } from "vitest";
import { organisationId } from "../../../src/claim/claim.ts";
import { failure } from "../../../src/errors.ts";
import type { ImageFacts } from "../../../src/image/image.ts";
import { defaultPolicy, type Policy } from "../../../src/policy/policy.ts";
import type { ClaimEvidence, Evidence } from "../../../src/verdict/evidence.ts";
import { gatherAtOnce, gatherFrom, type RegistryView } from "../../../src/verdict/gather.ts";
import { codeOf } from "../../support/errors.ts";
import { apiName, claim, digest, facts, registry } from "../../support/evidence.ts";

const most = 30;
const names = ["acme", "flood", "other"];

/** A registry of these claims, in the order in which they were recorded; acme owns docker.io/acme. */
function viewOf(claims: readonly ClaimEvidence[], asked: string[] = []): RegistryView {
  const by = (id: string) => claims.filter((one) => one.claim.organisation === id);
  return {
    chain: { id: 2016, registry },
    block: { number: 9, time: 1000 },
    ownerOf: (repository) => {
      asked.push(`owner ${repository}`);
      return repository.startsWith("docker.io/acme/") ? organisationId("acme") : undefined;
    },
    organisation: (id) => {
      const name = names.find((one) => organisationId(one) === id);
      return name === undefined ? undefined : { id, name, threshold: 1 };
    },
    organisations: () => names.map(organisationId),
    naming: (digests, organisation) => {
      const found = (organisation === undefined ? claims : by(organisation)).filter(
        ({ claim: { subjects } }) => subjects.some((subject) => digests.includes(subject.digest)),
      );
      if (found.length > most) throw failure("TOO_MANY_CLAIMS", { limit: most });
      return found.map(({ id, record, claim: { organisation } }) => ({ id, record, organisation }));
    },
    read: ({ organisation, keys, digests, repository, tag }) => {
      asked.push(`read ${names.find((one) => organisationId(one) === organisation)} ${keys.length}`);
      return {
        claims: keys.flatMap(({ id }) => claims.filter((one) => one.id === id)),
        head: by(organisation).findLast(({ claim }) => claim.repository === repository && claim.tag === tag),
        revoked: digests.filter((one) => one === digest(6)),
      };
    },
  };
}

/** The same, answered later. */
function late(view: RegistryView): RegistryView {
  return {
    ...view,
    ownerOf: async (repository) => view.ownerOf(repository),
    organisation: async (id) => view.organisation(id),
    organisations: async () => view.organisations(),
    naming: async (digests, organisation) => view.naming(digests, organisation),
    read: async (query) => view.read(query),
  };
}

/** What both ways bring, which is the same. */
async function gathered(
  claims: readonly ClaimEvidence[],
  more: Partial<ImageFacts> = {},
  policy: Partial<Policy> = {},
): Promise<{ evidence: Evidence; numbers: number[]; asked: string[] }> {
  const [image, whole, asked] = [facts(more), { ...defaultPolicy, ...policy }, [] as string[]];
  const evidence = gatherAtOnce(viewOf(claims, asked), image, whole, 500);
  const askedLate: string[] = [];
  expect(await gatherFrom(late(viewOf(claims, askedLate)), image, whole, 500)).toEqual(evidence);
  expect(askedLate).toEqual(asked);
  return { evidence, asked, numbers: evidence.claims.map((one) => claims.indexOf(one)) };
}

const own = claim();
const others = claim({ number: 2, by: "other", repository: "docker.io/other/api" });

it("brings the claims of who owns the repository, and others' only where there are none", async () => {
  const { evidence, numbers } = await gathered([others, own]);
  expect(numbers).toEqual([1]);
  expect(evidence).toMatchObject({ required: { name: "acme" }, head: own, now: 1000, block: { number: 9 } });
  const unowned = await gathered([others]);
  expect(unowned.numbers).toEqual([0]);
  expect(unowned.evidence).toMatchObject({ required: { name: "acme" }, head: undefined });
});

it("takes a name that was made from a file's for no reason to leave others' claims aside", async () => {
  const name = { ...apiName, carried: false };
  const { numbers, asked } = await gathered([others, own], { name });
  // Who owns the name comes first all the same.
  expect(numbers).toEqual([1, 0]);
  expect(asked).toEqual(["owner docker.io/acme/api", "read acme 1", "read other 1"]);
  expect((await gathered([others, own], { name }, { organisation: "other" })).numbers).toEqual([0]);
});

it("asks nobody who owns a repository where the policy says whose word counts, or there is no name", async () => {
  expect((await gathered([others, own], {}, { organisation: "other" })).asked).toEqual(["read other 1"]);
  const nameless = await gathered([others, own], { name: undefined });
  expect(nameless.asked).toEqual(["read other 1", "read acme 1"]);
  expect(nameless.evidence).toMatchObject({ required: undefined, head: undefined, revoked: [] });
});

it("tells what the required organisation revoked, and nobody else", async () => {
  const subjects = [{ kind: "config", digest: digest(6), platform: "" }] as const;
  expect((await gathered([], { subjects })).evidence.revoked).toEqual([digest(6)]);
  const name = { ...apiName, repository: "elsewhere.io/x" };
  expect((await gathered([others], { subjects, name })).evidence.revoked).toEqual([]);
});

it("looks at the newest twenty of each organisation where somebody floods the registry", async () => {
  const flood = Array.from({ length: 29 }, (_, i) => claim({ number: 100 + i, by: "flood" }));
  const name = { ...apiName, repository: "elsewhere.io/x" };
  const { numbers, asked } = await gathered([own, ...flood, others], { name });
  expect(asked).toEqual(["owner elsewhere.io/x", "read acme 1", "read flood 20", "read other 1"]);
  expect(numbers).toEqual([0, ...Array.from({ length: 20 }, (_, i) => i + 10), 30]);
  // Of one of whom there are too many to name, nothing is looked at.
  const more = Array.from({ length: 40 }, (_, i) => claim({ number: 200 + i, by: "flood" }));
  expect((await gathered([own, ...more], { name })).numbers).toEqual([0]);
});

it("fails where the required organisation's own are too many, or it is not there", async () => {
  const many = Array.from({ length: 31 }, (_, i) => claim({ number: 300 + i }));
  const tasks = (claims: readonly ClaimEvidence[], policy: Policy) => [
    () => gatherAtOnce(viewOf(claims), facts(), policy, 0),
    () => gatherFrom(late(viewOf(claims)), facts(), policy, 0),
  ];
  for (const task of tasks(many, defaultPolicy)) expect(await codeOf(task)).toBe("TOO_MANY_CLAIMS");
  const nobody = { ...defaultPolicy, organisation: "nobody" };
  for (const task of tasks([own], nobody)) expect(await codeOf(task)).toBe("ORGANISATION_NOT_FOUND");
});
