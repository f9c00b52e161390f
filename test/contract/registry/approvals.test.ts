import { Wallet } from "ethers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { claimDomain, claimTypes, type ImageClaim, toClaimStruct } from "../../../src/claim/claim.ts";
import { type Account, acme, RegistryBench, subject } from "../../support/registry.ts";

let bench: RegistryBench;
let admin: Account;
let signers: Account[];
let relayer: Account;
beforeEach(async () => {
  bench = await RegistryBench.deploy();
  relayer = bench.account(19);
});
afterEach(() => bench.close());

async function admit(count: number, threshold: number): Promise<void> {
  ({ admin, signers } = await bench.admitAcme(count, threshold));
}

function signer(index: number): Account {
  const account = signers[index];
  if (account === undefined) throw new Error(`There is no signer ${index}.`);
  return account;
}

/** The events of a claim of one subject that one new approval makes count. */
const counted = ["RecordApproved", "ClaimCounted", "SubjectClaimed", "RecordCounted"];
const names = (events: readonly (readonly unknown[])[]): unknown[] => events.map(([name]) => name);
const approve = async (claim: ImageClaim, ...by: Account[]) =>
  bench.send(
    relayer,
    "approve",
    acme,
    bench.idOf(claim),
    await Promise.all(by.map((one) => bench.approval(claim, one))),
  );
const refuseApproval = async (claim: ImageClaim, by: Account) =>
  bench.revert(relayer, "approve", acme, bench.idOf(claim), [await bench.approval(claim, by)]);

describe("an approval", () => {
  beforeEach(() => admit(2, 1));

  test("is a signature that anyone sends", async () => {
    const claim = await bench.claim();
    expect(names(await bench.submit(claim, signer(0)))).toContain("RecordCounted");
  });

  test("is the signer's own transaction, without or with a signature", async () => {
    for (const [tag, signed] of [
      ["a", false],
      ["b", true],
    ] as const) {
      const claim = await bench.claim({ tag });
      const approval = signed ? await bench.approval(claim, signer(0)) : [signer(0).address, "0x"];
      await bench.send(signer(0), "submitClaim", toClaimStruct(claim), [approval], "");
      expect((await bench.state(claim)).approvals).toBe(1);
    }
  });

  test("is needed", async () => {
    const claim = await bench.claim();
    expect(await bench.revert(relayer, "submitClaim", toClaimStruct(claim), [], "")).toEqual([
      "ApprovalsMissing",
    ]);
    await bench.submit(claim, signer(0));
    expect(await bench.revert(relayer, "approve", acme, bench.idOf(claim), [])).toEqual(["ApprovalsMissing"]);
  });

  test("comes from a current signer", async () => {
    const claim = await bench.claim();
    const struct = toClaimStruct(claim);
    for (const other of [admin, bench.account(0), relayer]) {
      expect(await bench.revert(other, "submitClaim", struct, [[other.address, "0x"]], "")).toEqual([
        "NotSigner",
        acme,
        other.address,
      ]);
    }
    await bench.send(admin, "retireSigner", acme, signer(0).address);
    expect(
      await bench.revert(relayer, "submitClaim", ...(await bench.submission(claim, [signer(0)]))),
    ).toEqual(["NotSigner", acme, signer(0).address]);
  });

  test("is for this claim in this registry on this chain", async () => {
    const claim = await bench.claim();
    const struct = toClaimStruct(claim);
    const here = bench.place;
    const signatures = [
      "0x",
      "0x1234",
      `0x${"00".repeat(65)}`,
      `0x${"ff".repeat(65)}`,
      (await bench.approval({ ...claim, tag: "other" }, signer(0)))[1],
      (await bench.approval(claim, signer(1)))[1],
      await signer(0).signTypedData(claimDomain({ ...here, chainId: 1 }), claimTypes, struct),
      await signer(0).signTypedData(claimDomain({ ...here, registry: relayer.address }), claimTypes, struct),
      await signer(0).signMessage(bench.idOf(claim)),
    ];
    for (const signature of signatures) {
      expect(
        await bench.revert(relayer, "submitClaim", struct, [[signer(0).address, signature]], ""),
      ).toEqual(["SignatureInvalid", signer(0).address]);
    }
    // An empty signature stands for the sender alone.
    expect(await bench.revert(signer(1), "submitClaim", struct, [[signer(0).address, "0x"]], "")).toEqual([
      "SignatureInvalid",
      signer(0).address,
    ]);
  });

  test("with the signature's other form is the same, so refused", async () => {
    const claim = await bench.claim();
    const [address, signature] = await bench.approval(claim, signer(0));
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const s = (order - BigInt(`0x${signature.slice(66, 130)}`)).toString(16).padStart(64, "0");
    const v = signature.endsWith("1b") ? "1c" : "1b";
    const mirrored = `${signature.slice(0, 66)}${s}${v}`;
    expect(
      await bench.revert(relayer, "submitClaim", toClaimStruct(claim), [[address, mirrored]], ""),
    ).toEqual(["SignatureInvalid", address]);
  });

  test("counts once, and is passed over when it is there already", async () => {
    const claim = await bench.claim();
    await bench.submit(claim, signer(0), signer(0));
    const state = await bench.state(claim);
    expect(state.approvals).toBe(1);
    expect(await bench.submit(claim, signer(0))).toEqual([]);
    expect(await approve(claim, signer(0), signer(0))).toEqual([]);
    // What is passed over is not looked at either.
    expect(
      await bench.send(relayer, "approve", acme, bench.idOf(claim), [[signer(0).address, "0x12"]]),
    ).toEqual([]);
    expect(await bench.state(claim)).toEqual(state);
    expect(names(await bench.submit(claim, signer(0), signer(1), signer(1)))).toEqual(["RecordApproved"]);
    expect((await bench.state(claim)).approvals).toBe(2);
  });

  test("that comes earlier than its transaction does not spoil it", async () => {
    await bench.send(admin, "setThreshold", acme, 2);
    const claim = await bench.claim();
    const together = await bench.submission(claim, [signer(0), signer(1)]);
    await bench.submit(claim, signer(0));
    expect(names(await bench.send(relayer, "submitClaim", ...together))).toEqual(counted);
  });

  test("from nobody new leaves a pending claim pending, though the threshold was lowered", async () => {
    await bench.send(admin, "setThreshold", acme, 2);
    const claim = await bench.claim();
    await bench.submit(claim, signer(0));
    await bench.send(admin, "setThreshold", acme, 1);
    expect(await bench.submit(claim, signer(0))).toEqual([]);
    expect(await bench.state(claim)).toMatchObject({ threshold: 0, countedAt: 0 });
    expect(await bench.hasHead(claim)).toBe(false);
  });
});

describe("a threshold", () => {
  test("is reached at once or one by one; the head moves then", async () => {
    await admit(3, 2);
    const together = await bench.claim({ tag: "together" });
    expect(names(await bench.submit(together, signer(0), signer(1)))).toEqual([
      "RecordApproved",
      "RecordApproved",
      "ClaimCounted",
      "SubjectClaimed",
      "RecordCounted",
    ]);
    for (const seed of ["first", "second"]) {
      const claim = await bench.claim({ tag: seed });
      expect(names(await bench.submit(claim, signer(0)))).toEqual(["RecordApproved", "ClaimProposed"]);
      const submittedAt = await bench.now();
      expect(await bench.state(claim)).toEqual({
        submittedAt,
        countedAt: 0,
        threshold: 0,
        approvals: 1,
        validApprovals: 1,
        revokedAt: 0,
      });
      expect(await bench.hasHead(claim)).toBe(false);

      // It has to be shown again, so that it is told when it counts.
      expect(await refuseApproval(claim, signer(1))).toEqual(["RecordPending", bench.idOf(claim)]);
      expect(names(await bench.submit(claim, signer(1)))).toEqual(counted);
      expect(await bench.state(claim)).toEqual({
        submittedAt,
        countedAt: await bench.now(),
        threshold: 2,
        approvals: 2,
        validApprovals: 2,
        revokedAt: 0,
      });
      expect(await bench.isHead(claim)).toBe(true);
      expect(await bench.read("approvalsOf", acme, bench.idOf(claim))).toEqual([
        [signer(0).address, signer(1).address],
        [BigInt(submittedAt), BigInt(await bench.now())],
      ]);
      // A further approval changes nothing but the count.
      expect(names(await approve(claim, signer(2)))).toEqual(["RecordApproved"]);
      expect((await bench.state(claim)).threshold).toBe(2);
    }
  });

  test("of 32 signers is reached in one transaction, by a claim as large as they come", async () => {
    await admit(0, 1);
    const wallets = Array.from({ length: 32 }, () => Wallet.createRandom());
    for (const { address } of wallets) await bench.send(admin, "addSigner", acme, address, "");
    await bench.send(admin, "setThreshold", acme, 32);
    const subjects = Array.from({ length: 64 }, (_, i) => subject(i, { platform: "p".repeat(64) }));
    const claim = await bench.claim({ subjects });
    await bench.send(relayer, "submitClaim", ...(await bench.submission(claim, wallets)));
    expect(await bench.state(claim)).toMatchObject({ threshold: 32, approvals: 32, validApprovals: 32 });
  });

  test("below which a claim lies does not move the head, nor does a claim that counts late", async () => {
    await admit(2, 2);
    const older = await bench.claim();
    const newer = { ...older, issuedAt: older.issuedAt + 1, subjects: [subject("newer")] };
    await bench.submit(older, signer(0));
    await bench.submit(newer, signer(0), signer(1));
    expect(names(await bench.submit(older, signer(1)))).toEqual(counted);
    expect(await bench.isHead(newer)).toBe(true);
  });

  test("without a tag counts without a head", async () => {
    await admit(2, 2);
    const claim = await bench.claim({ tag: "" });
    await bench.submit(claim, signer(0));
    expect(names(await bench.submit(claim, signer(1)))).toEqual(counted);
    expect(await bench.hasHead(claim)).toBe(false);
  });

  test("that changes is met at the next approval; what counted keeps its own", async () => {
    await admit(3, 1);
    const counted = await bench.claim({ tag: "counted" });
    await bench.submit(counted, signer(0));
    await bench.send(admin, "setThreshold", acme, 3);
    expect((await bench.state(counted)).threshold).toBe(1);
    const pending = await bench.claim({ tag: "pending" });
    await bench.submit(pending, signer(0));
    await bench.send(admin, "setThreshold", acme, 2);
    expect((await bench.state(pending)).threshold).toBe(0);
    await bench.submit(pending, signer(1));
    expect((await bench.state(pending)).threshold).toBe(2);
  });

  test("is not reached after the claim expired", async () => {
    await admit(2, 2);
    const claim = await bench.claim({ expiresAt: (await bench.now()) + 100 });
    await bench.submit(claim, signer(0));
    await bench.setNextTime(claim.expiresAt);
    const error = ["ClaimExpired", BigInt(claim.expiresAt), BigInt(claim.expiresAt)];
    expect(
      await bench.revert(relayer, "submitClaim", ...(await bench.submission(claim, [signer(1)]))),
    ).toEqual(error);
  });

  test("that was reached leaves expiry to the reader", async () => {
    await admit(2, 2);
    const claim = await bench.claim({ expiresAt: (await bench.now()) + 1000 });
    await bench.submit(claim, signer(0), signer(1));
    const third = bench.account(9);
    await bench.send(admin, "addSigner", acme, third.address, "");
    await bench.setNextTime(claim.expiresAt + 1);
    await approve(claim, third);
    expect((await bench.state(claim)).approvals).toBe(3);
  });

  test("takes 64 approvals a claim at most, from signers past and present", async () => {
    await admit(0, 1);
    const claim = await bench.claim({ issuedAt: await bench.now() });
    let previous: string | undefined;
    const wallets = Array.from({ length: 65 }, () => Wallet.createRandom());
    for (const [index, wallet] of wallets.entries()) {
      if (previous === undefined) await bench.send(admin, "addSigner", acme, wallet.address, "");
      else await bench.send(admin, "replaceSigner", acme, previous, wallet.address);
      previous = wallet.address;
      const submission = await bench.submission(claim, [wallet]);
      if (index < 64) await bench.send(relayer, "submitClaim", ...submission);
      else
        expect(await bench.revert(relayer, "submitClaim", ...submission)).toEqual([
          "TooMany",
          "approvals",
          64n,
        ]);
    }
    expect(await bench.state(claim)).toMatchObject({ approvals: 64, validApprovals: 64 });
  });
});
