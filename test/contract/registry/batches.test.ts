import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { encodeAnnotations, hashAnnotations } from "../../../src/claim/annotations.ts";
import { claimStructHash, type ImageClaim, organisationId, toClaimStruct } from "../../../src/claim/claim.ts";
import { digestToBytes32 } from "../../../src/digest/digest.ts";
import { type Account, acme, digestOf, globex, RegistryBench, subject } from "../../support/registry.ts";

let bench: RegistryBench;
let admin: Account;
let first: Account;
let second: Account;
let relayer: Account;
beforeEach(async () => {
  bench = await RegistryBench.deploy();
  const acmes = await bench.admitAcme(2);
  admin = acmes.admin;
  [first, second] = acmes.signers as [Account, Account];
  relayer = bench.account(19);
});
afterEach(() => bench.close());

async function batch(count: number, more: Partial<ImageClaim> = {}): Promise<ImageClaim[]> {
  const claim = await bench.claim(more);
  return Array.from({ length: count }, (_, i) => ({
    ...claim,
    tag: `1.${i}`,
    subjects: [subject(`${claim.issuedAt} ${i}`)],
  }));
}

const heads = (claims: readonly ImageClaim[]): Promise<boolean[]> =>
  Promise.all(claims.map((claim) => bench.isHead(claim)));
const refuse = (claims: readonly ImageClaim[], annotations?: readonly string[]) =>
  bench
    .batchSubmission(claims, [first], annotations)
    .then((submission) => bench.revert(relayer, "submitBatch", ...submission));
const hashes = (claims: readonly ImageClaim[]): string[] => claims.map(claimStructHash);

describe("a batch", () => {
  test("is one record of many claims, each in the log and the head of its tag", async () => {
    const json = encodeAnnotations({ revision: "0f3c" });
    const [a, b] = (await batch(2)) as [ImageClaim, ImageClaim];
    const claims = [a, { ...b, annotations: hashAnnotations(json), expiresAt: b.issuedAt + 1000 }];
    const id = bench.idOfBatch(claims);
    const keys = await Promise.all(claims.map(({ tag }) => bench.read("tagKeyOf", acme, a.repository, tag)));
    const submission = await bench.batchSubmission(claims, [first], ["", json]);
    const events = await bench.send(relayer, "submitBatch", ...submission);
    const digests = claims.map(({ subjects }) => digestToBytes32(subjects[0]?.digest ?? digestOf("")));
    expect(events.map(([name, ...args]) => [name, ...args.slice(0, 3)])).toEqual([
      ["RecordApproved", id, acme, first.address],
      ["ClaimCounted", id, acme, keys[0]],
      ["SubjectClaimed", digests[0], acme, bench.idOf(a)],
      ["ClaimCounted", id, acme, keys[1]],
      ["SubjectClaimed", digests[1], acme, bench.idOf(claims[1] as ImageClaim)],
      ["RecordCounted", id, acme, 1n],
    ]);
    expect([events[1]?.[5], events[3]?.[5], events[2]?.[4]]).toEqual(["", json, id]);
    const time = await bench.now();
    expect(await bench.state(id)).toEqual({
      submittedAt: time,
      countedAt: time,
      threshold: 1,
      approvals: 1,
      validApprovals: 1,
      revokedAt: 0,
    });
    expect(await heads(claims)).toEqual([true, true]);
    // The claims have no record of their own.
    expect((await bench.state(a)).submittedAt).toBe(0);
    expect(await bench.read("hashBatch", claims.map(toClaimStruct))).toBe(id);
  });

  test("is of 1 to 100 claims of one organisation", async () => {
    const struct = toClaimStruct(await bench.claim());
    const approval = [first.address, "0x"];
    expect(await bench.revert(first, "submitBatch", [], [approval], [])).toEqual(["ClaimsMissing"]);
    const many = new Array(101).fill(struct);
    expect(await bench.revert(first, "submitBatch", many, [approval], new Array(101).fill(""))).toEqual([
      "TooMany",
      "claims",
      100n,
    ]);
    const mixed = [struct, { ...struct, organisation: globex }];
    expect(await bench.revert(first, "submitBatch", mixed, [approval], ["", ""])).toEqual([
      "OrganisationsDiffer",
      acme,
      globex,
    ]);
    await bench.submitBatch(await batch(1), first);
    const claims = await batch(100);
    await bench.submitBatch(claims, first);
    expect(await bench.isHead(claims[99] as ImageClaim)).toBe(true);
  });

  test("comes from an organisation that exists, by its current signers", async () => {
    const claims = await batch(2);
    const organisation = organisationId("initech");
    expect(await refuse(claims.map((claim) => ({ ...claim, organisation })))).toEqual([
      "UnknownOrganisation",
      organisation,
    ]);
    const alien = await bench.batchSubmission(claims, [relayer]);
    expect(await bench.revert(relayer, "submitBatch", ...alien)).toEqual([
      "NotSigner",
      acme,
      relayer.address,
    ]);
    // The signature of a batch is no signature of its claims, and the other way round.
    const [claim] = claims as [ImageClaim];
    const approval = await bench.batchApproval([claim], first);
    expect(await bench.revert(relayer, "submitClaim", toClaimStruct(claim), [approval], "")).toEqual([
      "SignatureInvalid",
      first.address,
    ]);
    const single = await bench.approval(claim, first);
    expect(await bench.revert(relayer, "submitBatch", [toClaimStruct(claim)], [single], [""])).toEqual([
      "SignatureInvalid",
      first.address,
    ]);
  });

  test("holds each of its claims to the rules of a claim", async () => {
    const [good] = (await batch(1)) as [ImageClaim];
    const now = await bench.now();
    const json = encodeAnnotations({ a: "b" });
    const bad: [Partial<ImageClaim>, string][] = [
      [{ issuedAt: now + 1000 }, "IssuedInFuture"],
      [{ expiresAt: now }, "ClaimExpired"],
      [{ annotations: hashAnnotations(json) }, "AnnotationsMismatch"],
    ];
    for (const [change, error] of bad) {
      expect((await refuse([good, { ...good, ...change }]))[0]).toBe(error);
    }
    const struct = toClaimStruct(good);
    const wrong = [struct, { ...struct, subjects: [] }];
    expect(await bench.revert(first, "submitBatch", wrong, [[first.address, "0x"]], ["", ""])).toEqual([
      "ClaimEmpty",
    ]);
  });

  test("brings one text of annotations for each claim, once", async () => {
    const claims = await batch(2);
    expect(await refuse(claims, [""])).toEqual(["AnnotationsMissing", 2n, 1n]);
    expect(await refuse(claims, ["", "", ""])).toEqual(["AnnotationsMissing", 2n, 3n]);
    await bench.submitBatch(claims, first);
    await bench.send(relayer, "submitBatch", ...(await bench.batchSubmission(claims, [second], [])));
    expect((await bench.state(bench.idOfBatch(claims))).approvals).toBe(2);
  });

  test("moves a tag that it names twice to the later claim, whatever their order", async () => {
    const claim = await bench.claim();
    const older = { ...claim, issuedAt: claim.issuedAt - 1, subjects: [subject("older")] };
    for (const [tag, order] of [
      ["a", [older, claim]],
      ["b", [claim, older]],
      ["c", [claim, claim]],
    ] as const) {
      await bench.submitBatch(
        order.map((one) => ({ ...one, tag })),
        first,
      );
      expect(await bench.isHead({ ...claim, tag })).toBe(true);
    }
    const tagless = (await batch(2)).map((one) => ({ ...one, tag: "" }));
    await bench.submitBatch(tagless, first);
    expect(await bench.hasHead(tagless[0] as ImageClaim)).toBe(false);
  });

  test("does not move a head back", async () => {
    const claim = await bench.claim();
    await bench.submit(claim, first);
    await bench.submitBatch([{ ...claim, subjects: [subject("same second")] }], first);
    expect(await bench.isHead(claim)).toBe(true);
  });

  test("may hold a claim that stands alone too", async () => {
    const claims = await batch(2);
    await bench.submit(claims[0] as ImageClaim, first);
    await bench.submitBatch(claims, first);
    expect(await heads(claims)).toEqual([true, true]);
    expect((await bench.state(claims[0] as ImageClaim)).threshold).toBe(1);
  });
});

describe("a batch below its threshold", () => {
  let claims: ImageClaim[];
  let id: string;
  beforeEach(async () => {
    await bench.send(admin, "setThreshold", acme, 2);
    claims = await batch(3);
    claims[1] = { ...(claims[1] as ImageClaim), expiresAt: (await bench.now()) + 1000 };
    id = bench.idOfBatch(claims);
    await bench.submitBatch(claims, first);
  });

  test("is completed by the same claims again, in the same order", async () => {
    expect(await bench.state(id)).toMatchObject({ threshold: 0, countedAt: 0, approvals: 1 });
    expect(await heads(claims)).toEqual([false, false, false]);
    const approval = await bench.batchApproval(claims, second);
    expect(await bench.revert(relayer, "approve", acme, id, [approval])).toEqual(["RecordPending", id]);
    expect((await bench.submitBatch(claims, first)).length).toBe(0);
    expect((await bench.submitBatch(claims, second)).map(([name]) => name)).toEqual([
      "RecordApproved",
      ...claims.flatMap(() => ["ClaimCounted", "SubjectClaimed"]),
      "RecordCounted",
    ]);
    expect(await bench.state(id)).toMatchObject({ threshold: 2, countedAt: await bench.now() });
    expect(await heads(claims)).toEqual([true, true, true]);

    const reversed = claims.toReversed();
    await bench.submitBatch(reversed, first);
    expect((await bench.state(bench.idOfBatch(reversed))).threshold).toBe(0);
  });

  test("takes approvals without its claims once it counted, to lift it again", async () => {
    await bench.submitBatch(claims, second);
    await bench.send(admin, "voidSigner", acme, first.address, 0);
    expect(await bench.state(id)).toMatchObject({ threshold: 2, validApprovals: 1 });
    const third = bench.account(9);
    await bench.send(admin, "addSigner", acme, third.address, "");
    await bench.send(relayer, "approve", acme, id, [await bench.batchApproval(claims, third)]);
    expect(await bench.state(id)).toMatchObject({ threshold: 2, approvals: 3, validApprovals: 2 });
  });

  test("counts without those of its claims that expired or were revoked meanwhile", async () => {
    await bench.send(admin, "revokeClaim", acme, bench.idOf(claims[0] as ImageClaim), "");
    await bench.setNextTime(claims[1]?.expiresAt ?? 0);
    await bench.submitBatch(claims, second);
    expect((await bench.state(id)).threshold).toBe(2);
    expect(await heads(claims)).toEqual([false, false, true]);
  });

  test("that is revoked takes no more approvals", async () => {
    await bench.send(admin, "revokeClaim", acme, id, "");
    expect((await bench.state(id)).revokedAt).toBe(await bench.now());
    expect(await bench.errorOf(bench.submitBatch(claims, second))).toEqual(["ClaimAlreadyRevoked", id]);
  });
});

describe("revoking in a batch", () => {
  let claims: ImageClaim[];
  let id: string;
  beforeEach(async () => {
    claims = await batch(3);
    id = bench.idOfBatch(claims);
    await bench.submitBatch(claims, first);
  });

  test("one claim is for a current signer by whom the batch counted, with the others' hashes", async () => {
    const own = ["revokeClaimInBatch", acme, hashes(claims), 1, "wrong build"] as const;
    for (const sender of [second, admin, relayer, bench.account(0)]) {
      expect(await bench.revert(sender, ...own)).toEqual(["NotAllowedToRevoke", acme, sender.address]);
    }
    const foreign = ["revokeClaimInBatch", acme, hashes(claims.toReversed()), 1, ""] as const;
    expect(await bench.revert(first, ...foreign)).toEqual(["NotAllowedToRevoke", acme, first.address]);
    expect(await bench.revert(first, "revokeClaimInBatch", acme, hashes(claims), 3, "")).toEqual([
      "IndexInvalid",
      3n,
      3n,
    ]);
    expect(await bench.revert(first, "revokeClaimInBatch", acme, [], 0, "")).toEqual([
      "IndexInvalid",
      0n,
      0n,
    ]);

    const claimId = bench.idOf(claims[1] as ImageClaim);
    expect(await bench.send(first, ...own)).toEqual([
      ["RecordRevoked", id, acme, first.address, claimId, "wrong build"],
    ]);
    const claimIds = claims.map((claim) => bench.idOf(claim));
    const { claimRevocations } = await bench.reading({ recordIds: claims.map(() => id), claimIds });
    expect(claimRevocations).toEqual([0n, BigInt(await bench.now()), 0n]);
    // Of the claims themselves nothing is said.
    expect((await bench.reading({ claimIds })).claimRevocations).toEqual([0n, 0n, 0n]);
    expect((await bench.state(id)).revokedAt).toBe(0);
    expect(await bench.revert(first, ...own)).toEqual(["ClaimAlreadyRevoked", claimId]);
  });

  test("all of it is for an admin or such a signer, by the record's id", async () => {
    expect(await bench.revert(second, "revokeClaim", acme, id, "")).toEqual([
      "NotAllowedToRevoke",
      acme,
      second.address,
    ]);
    await bench.send(first, "revokeClaim", acme, id, "");
    expect((await bench.state(id)).revokedAt).toBe(await bench.now());
  });

  test("is not to be had by recording one of its claims below the threshold", async () => {
    await bench.send(admin, "setThreshold", acme, 2);
    const [claim] = claims as [ImageClaim];
    await bench.submit(claim, second);
    expect(await bench.revert(second, "revokeClaim", acme, bench.idOf(claim), "")).toEqual([
      "NotAllowedToRevoke",
      acme,
      second.address,
    ]);
    const decoy = [claim];
    await bench.submitBatch(decoy, second);
    expect(await bench.revert(second, "revokeClaimInBatch", acme, hashes(decoy), 0, "")).toEqual([
      "NotAllowedToRevoke",
      acme,
      second.address,
    ]);
  });

  test("ends with the signer's place", async () => {
    await bench.send(admin, "retireSigner", acme, first.address);
    for (const act of [
      ["revokeClaim", acme, id, ""],
      ["revokeClaimInBatch", acme, hashes(claims), 0, ""],
    ] as const) {
      const [name, ...args] = act;
      expect(await bench.revert(first, name, ...args)).toEqual(["NotAllowedToRevoke", acme, first.address]);
    }
  });
});

describe("multicall", () => {
  test("carries many acts of one sender, all or none", async () => {
    const claims = await batch(3);
    const encode = (name: string, ...args: readonly unknown[]): string =>
      bench.contract.interface.encodeFunctionData(name, args);
    const submissions = await Promise.all(
      claims.map(async (claim) => encode("submitClaim", ...(await bench.submission(claim, [first])))),
    );
    const bad = encode("approve", acme, `0x${"77".repeat(32)}`, []);
    expect((await bench.revert(relayer, "multicall", [...submissions, bad]))[0]).toBe("UnknownRecord");
    expect(await heads(claims)).toEqual([false, false, false]);
    // Somebody else was faster with one of them: that changes nothing for the rest.
    await bench.submit(claims[1] as ImageClaim, first);
    await bench.send(relayer, "multicall", submissions);
    expect(await heads(claims)).toEqual([true, true, true]);
  });

  test("lets nobody act as another", async () => {
    const data = bench.contract.interface.encodeFunctionData("addSigner", [acme, relayer.address, ""]);
    expect(await bench.revert(relayer, "multicall", [data])).toEqual(["NotAdmin", acme, relayer.address]);
    const nested = bench.contract.interface.encodeFunctionData("multicall", [[data]]);
    expect(await bench.revert(relayer, "multicall", [nested])).toEqual(["NotAdmin", acme, relayer.address]);
    await bench.send(admin, "multicall", [data]);
    expect(await bench.read("isSigner", acme, relayer.address)).toBe(true);
  });
});
