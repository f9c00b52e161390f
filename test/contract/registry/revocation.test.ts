import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ImageClaim } from "../../../src/claim/claim.ts";
import { digestToBytes32 } from "../../../src/digest/digest.ts";
import { type Account, acme, digestOf, globex, RegistryBench, subject } from "../../support/registry.ts";

const digests = (...seeds: string[]): string[] => seeds.map((seed) => digestToBytes32(digestOf(seed)));
let bench: RegistryBench;
let admin: Account;
let first: Account;
let second: Account;
let claim: ImageClaim;
beforeEach(async () => {
  bench = await RegistryBench.deploy();
  const acmes = await bench.admitAcme(2);
  admin = acmes.admin;
  [first, second] = acmes.signers as [Account, Account];
  await bench.send(bench.account(0), "admitOrganisation", "globex", "", bench.account(9).address, true, []);
  claim = await bench.claim();
  await bench.submit(claim, first);
});
afterEach(() => bench.close());

describe("revoking a claim", () => {
  test("is for an admin or a current signer who approved it", async () => {
    const id = bench.idOf(claim);
    for (const other of [second, bench.account(0), bench.account(9), bench.account(19)]) {
      expect(await bench.revert(other, "revokeClaim", acme, id, "")).toEqual([
        "NotAllowedToRevoke",
        acme,
        other.address,
      ]);
    }
    // Whoever approves what counted without it has no more say than before.
    await bench.submit(claim, second);
    expect(await bench.revert(second, "revokeClaim", acme, id, "")).toEqual([
      "NotAllowedToRevoke",
      acme,
      second.address,
    ]);
    expect(await bench.send(first, "revokeClaim", acme, id, "wrong build")).toEqual([
      ["RecordRevoked", id, acme, first.address, id, "wrong build"],
    ]);
    expect((await bench.state(claim)).revokedAt).toBe(await bench.now());
    // The claim in other records is none of its business.
    expect(await bench.claimRevokedAt(claim)).toBe(0);

    const another = await bench.claim({ tag: "2" });
    await bench.submit(another, first);
    await bench.send(admin, "retireSigner", acme, first.address);
    expect(await bench.revert(first, "revokeClaim", acme, bench.idOf(another), "")).toEqual([
      "NotAllowedToRevoke",
      acme,
      first.address,
    ]);
    await bench.send(admin, "revokeClaim", acme, bench.idOf(another), "");
    expect((await bench.state(another)).revokedAt).toBe(await bench.now());
    expect(await bench.claimRevokedAt(another)).toBe(await bench.now());
  });

  test("is final, and takes no more approvals", async () => {
    const id = bench.idOf(claim);
    await bench.send(first, "revokeClaim", acme, id, "");
    const error = ["ClaimAlreadyRevoked", id];
    expect(await bench.revert(first, "revokeClaim", acme, id, "")).toEqual(error);
    // An admin's, which reaches every record, may follow, once.
    expect(await bench.send(admin, "revokeClaim", acme, id, "everywhere")).toEqual([
      ["ClaimRevoked", id, acme, admin.address, "everywhere"],
    ]);
    expect(await bench.claimRevokedAt(claim)).toBe(await bench.now());
    for (const account of [admin, first]) {
      expect(await bench.revert(account, "revokeClaim", acme, id, "")).toEqual(error);
    }
    expect(await bench.revert(admin, "submitClaim", ...(await bench.submission(claim, [second])))).toEqual(
      error,
    );
    expect(await bench.revert(admin, "approve", acme, id, [await bench.approval(claim, second)])).toEqual(
      error,
    );
    // The same digests may be claimed anew.
    const again = { ...claim, issuedAt: claim.issuedAt + 1 };
    await bench.submit(again, first);
    expect(await bench.state(again)).toMatchObject({ threshold: 1, revokedAt: 0 });
  });

  test("keeps a pending claim from ever counting", async () => {
    await bench.send(admin, "setThreshold", acme, 2);
    const pending = await bench.claim({ tag: "pending" });
    await bench.submit(pending, first);
    // One signer of two speaks for nobody yet; an admin does.
    expect(await bench.revert(first, "revokeClaim", acme, bench.idOf(pending), "")).toEqual([
      "NotAllowedToRevoke",
      acme,
      first.address,
    ]);
    await bench.send(admin, "revokeClaim", acme, bench.idOf(pending), "");
    expect(await bench.errorOf(bench.submit(pending, second))).toEqual([
      "ClaimAlreadyRevoked",
      bench.idOf(pending),
    ]);
    expect((await bench.state(pending)).threshold).toBe(0);
  });

  test("by an admin may come before the claim, which is then never recorded", async () => {
    const signed = await bench.claim({ tag: "leaked" });
    await bench.send(admin, "revokeClaim", acme, bench.idOf(signed), "");
    expect(await bench.errorOf(bench.submit(signed, first))).toEqual([
      "ClaimAlreadyRevoked",
      bench.idOf(signed),
    ]);
    expect(await bench.hasHead(signed)).toBe(false);
  });

  test("is the organisation's own, with a reason of 512 bytes at most", async () => {
    const id = bench.idOf(claim);
    await bench.send(bench.account(9), "revokeClaim", globex, id, "");
    expect((await bench.state(claim)).revokedAt).toBe(0);
    expect(await bench.claimRevokedAt(claim)).toBe(0);
    expect(await bench.revert(admin, "revokeClaim", acme, id, "r".repeat(513))).toEqual([
      "TooLong",
      "reason",
      512n,
    ]);
    await bench.send(admin, "revokeClaim", acme, id, "r".repeat(512));
  });
});

describe("revoking digests", () => {
  test("is an admin's, once a digest, for the organisation alone", async () => {
    const [a, b] = digests("image", "other") as [string, string];
    expect(await bench.revert(first, "revokeDigests", acme, [a], "")).toEqual([
      "NotAdmin",
      acme,
      first.address,
    ]);
    expect(await bench.send(admin, "revokeDigests", acme, [a, b], "CVE")).toEqual([
      ["DigestRevoked", a, acme, admin.address, "CVE"],
      ["DigestRevoked", b, acme, admin.address, "CVE"],
    ]);
    const time = BigInt(await bench.now());
    expect((await bench.reading({ digests: [a, b] })).digestRevocations).toEqual([time, time]);
    expect(await bench.digestRevokedAt(a, globex)).toBe(0);
    const error = ["DigestAlreadyRevoked", acme, b];
    expect(await bench.revert(admin, "revokeDigests", acme, [b], "")).toEqual(error);
    const [fresh] = digests("fresh") as [string];
    expect(await bench.revert(admin, "revokeDigests", acme, [fresh, b], "")).toEqual(error);
    expect(await bench.digestRevokedAt(fresh)).toBe(0);
    expect(await bench.revert(admin, "revokeDigests", acme, [fresh, fresh], "")).toEqual([
      "DigestAlreadyRevoked",
      acme,
      fresh,
    ]);
  });

  test("is for the reader to see: claims that name them are recorded all the same", async () => {
    const [bad] = digests("bad") as [string];
    await bench.send(admin, "revokeDigests", acme, [bad], "");
    const time = await bench.now();
    const fresh = await bench.claim({ tag: "fresh", subjects: [subject("bad", { kind: "manifest" })] });
    await bench.submit(fresh, first);
    expect((await bench.state(fresh)).threshold).toBe(1);
    expect(await bench.digestRevokedAt(bad)).toBe(time);
    // Another organisation's acceptance is its own.
    expect(await bench.digestRevokedAt(bad, globex)).toBe(0);
  });

  test("takes 1 to 64 digests and a reason of 512 bytes at most", async () => {
    const many = (count: number): string[] =>
      digests(...Array.from({ length: count }, (_, i) => `many ${i}`));
    expect(await bench.revert(admin, "revokeDigests", acme, [], "")).toEqual(["DigestsMissing"]);
    expect(await bench.revert(admin, "revokeDigests", acme, many(65), "")).toEqual([
      "TooMany",
      "digests",
      64n,
    ]);
    expect(await bench.revert(admin, "revokeDigests", acme, [`0x${"00".repeat(32)}`], "")).toEqual([
      "DigestZero",
    ]);
    expect(await bench.revert(admin, "revokeDigests", acme, many(1), "ä".repeat(257))).toEqual([
      "TooLong",
      "reason",
      512n,
    ]);
    expect(await bench.send(admin, "revokeDigests", acme, many(64), "ä".repeat(256))).toHaveLength(64);
  });
});
