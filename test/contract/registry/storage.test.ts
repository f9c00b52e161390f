import { AbiCoder, keccak256 } from "ethers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ImageClaim } from "../../../src/claim/claim.ts";
import { digestToBytes32 } from "../../../src/digest/digest.ts";
import { type Account, acme, digestOf, globex, RegistryBench, subject } from "../../support/registry.ts";

// docs/specs/claim.md, "Where it is stored": proofs are made of these slots, so they may not move.
const bases = {
  signers: 9,
  records: 10,
  laterApprovals: 11,
  revokedClaims: 12,
  revokedDigests: 13,
  heads: 14,
};

const coder = AbiCoder.defaultAbiCoder();
const within = (key: string | number, slot: string | number): string =>
  keccak256(coder.encode([typeof key === "number" ? "uint256" : "bytes32", "uint256"], [key, slot]));
const textHash = (text: string): string => keccak256(Buffer.from(text));
const withinAddress = (key: string, slot: string): string =>
  keccak256(coder.encode(["address", "uint256"], [key, slot]));

let bench: RegistryBench;
let admin: Account;
let signers: [Account, Account];
beforeEach(async () => {
  bench = await RegistryBench.deploy();
  const acmes = await bench.admitAcme(2);
  admin = acmes.admin;
  signers = acmes.signers as [Account, Account];
});
afterEach(() => bench.close());

const slot = async (place: string): Promise<bigint> =>
  BigInt((await bench.rpc("eth_getStorageAt", bench.address, place, "latest")) as string);
const bits = (word: bigint, offset: number, width: number): bigint =>
  (word >> BigInt(offset)) & ((1n << BigInt(width)) - 1n);
const claimSlot = (claim: ImageClaim): string =>
  within(bench.idOf(claim), within(claim.organisation, bases.records));

describe("the slots that decide whether a digest is good", () => {
  test("hold a claim and its first approval in one", async () => {
    const claim = await bench.claim();
    expect(await slot(claimSlot(claim))).toBe(0n);
    await bench.submit(claim, signers[0]);
    const word = await slot(claimSlot(claim));
    expect(bits(word, 0, 160)).toBe(BigInt(signers[0].address));
    expect(bits(word, 160, 40)).toBe(BigInt(await bench.now()));
    expect(bits(word, 200, 40)).toBe(BigInt(await bench.now()));
    expect(bits(word, 240, 8)).toBe(1n);
    expect(bits(word, 248, 8)).toBe(1n);
    expect(await slot(claimSlot({ ...claim, organisation: globex }))).toBe(0n);
  });

  test("hold each further approval in one", async () => {
    const claim = await bench.claim();
    await bench.submit(claim, signers[0]);
    await bench.submit(claim, signers[1]);
    const word = await slot(within(1, within(bench.idOf(claim), bases.laterApprovals)));
    expect(bits(word, 0, 160)).toBe(BigInt(signers[1].address));
    expect(bits(word, 160, 40)).toBe(BigInt(await bench.now()));
    expect(bits(await slot(claimSlot(claim)), 248, 8)).toBe(2n);
  });

  test("hold a tag's head", async () => {
    const claim = await bench.claim();
    await bench.submit(claim, signers[0]);
    const tagKey = keccak256(
      coder.encode(
        ["bytes32", "bytes32", "bytes32"],
        [acme, textHash(claim.repository), textHash(claim.tag)],
      ),
    );
    expect(await bench.read("tagKeyOf", acme, claim.repository, claim.tag)).toBe(tagKey);
    const word = await slot(within(tagKey, bases.heads));
    expect(bits(word, 0, 176)).toBe(BigInt(bench.idOf(claim)) >> 80n);
    expect(bits(word, 176, 40)).toBe(BigInt(claim.issuedAt));
    const block = await bench.rpc("eth_blockNumber");
    expect(bits(word, 216, 40)).toBe(BigInt(block as string));
  });

  test("hold no head for claims without a tag", async () => {
    const claim = await bench.claim({ tag: "" });
    await bench.submit(claim, signers[0]);
    await bench.submitBatch([{ ...claim, subjects: [subject("batch")] }], signers[0]);
    const noTag = `0x${"00".repeat(32)}`;
    const emptyTag = (await bench.read("tagKeyOf", acme, claim.repository, "")) as string;
    expect(await slot(within(noTag, bases.heads))).toBe(0n);
    expect(await slot(within(emptyTag, bases.heads))).toBe(0n);
  });

  test("hold the times of revocations", async () => {
    const claim = await bench.claim();
    await bench.submit(claim, signers[0]);
    const claimPlace = within(bench.idOf(claim), within(acme, bases.revokedClaims));
    const digest = digestToBytes32(digestOf("image"));
    const digestPlace = within(digest, within(acme, bases.revokedDigests));
    expect([await slot(claimPlace), await slot(digestPlace)]).toEqual([0n, 0n]);
    await bench.send(admin, "revokeClaim", acme, bench.idOf(claim), "");
    const claimTime = await bench.now();
    await bench.send(admin, "revokeDigests", acme, [digest], "");
    expect([await slot(claimPlace), await slot(digestPlace)]).toEqual([
      BigInt(claimTime),
      BigInt(await bench.now()),
    ]);
  });

  test("hold a signer's times", async () => {
    const place = withinAddress(signers[0].address, within(acme, bases.signers));
    const [addedAt] = (await bench.read("signerState", acme, signers[0].address)) as bigint[];
    expect(await slot(place)).toBe(addedAt);
    await bench.send(admin, "voidSigner", acme, signers[0].address, 7);
    const word = await slot(place);
    expect(bits(word, 0, 64)).toBe(addedAt);
    expect(bits(word, 64, 64)).toBe(BigInt(await bench.now()));
    expect(bits(word, 128, 64)).toBe(7n);
  });
});
