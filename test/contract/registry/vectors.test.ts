import { readFileSync } from "node:fs";
import { Contract } from "ethers";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { batchId } from "../../../src/claim/batch.ts";
import { type Bytes32, claimId, type ImageClaim, toClaimStruct } from "../../../src/claim/claim.ts";
import { registryAbi } from "../../../src/contract/artifact.ts";
import { digestFromBytes32, digestKinds } from "../../../src/digest/digest.ts";
import {
  type BatchVector,
  type ClaimVector,
  oracleBatchId,
  oracleClaimId,
} from "../../support/claim-oracle.ts";
import { RegistryBench, testSalt } from "../../support/registry.ts";

const vectors: ClaimVector[] = JSON.parse(
  readFileSync(new URL("../../vectors/claims.json", import.meta.url), "utf8"),
);

const batches: BatchVector[] = JSON.parse(
  readFileSync(new URL("../../vectors/batches.json", import.meta.url), "utf8"),
);

describe("hashBatch", () => {
  test.each(batches)("agrees with the vector: $title", async ({ claims, domain, recordId }) => {
    const bench = await RegistryBench.deploy(Number(domain.chainId), undefined, { salt: domain.salt });
    const code = await bench.rpc("eth_getCode", bench.address, "latest");
    await bench.rpc("hardhat_setCode", domain.registry, code);
    const registry = new Contract(domain.registry, registryAbi, bench.account(0));
    expect(await registry.getFunction("hashBatch").staticCall(claims)).toBe(recordId);
    await bench.close();
  });
});

describe("hashClaim", () => {
  // The code is put at the vector's address on a chain with the vector's id, so that its domain is the vector's.
  test.each(vectors)("agrees with the vector: $title", async ({ claim, domain, claimId: expected }) => {
    const bench = await RegistryBench.deploy(Number(domain.chainId), undefined, { salt: domain.salt });
    await bench.rpc(
      "hardhat_setCode",
      domain.registry,
      await bench.rpc("eth_getCode", bench.address, "latest"),
    );
    const registry = new Contract(domain.registry, registryAbi, bench.account(0));
    expect(await registry.getFunction("hashClaim").staticCall(claim)).toBe(expected);
    await bench.close();
  });

  test("agrees with TypeScript and the oracle on claims at large", async () => {
    const bench = await RegistryBench.deploy();
    const bytes32 = fc
      .uint8Array({ minLength: 32, maxLength: 32 })
      .map((bytes): Bytes32 => `0x${Buffer.from(bytes).toString("hex")}`);
    const text = (limit: number) =>
      fc.string({ unit: "grapheme", maxLength: limit }).filter((value) => Buffer.byteLength(value) <= limit);
    const claims: fc.Arbitrary<ImageClaim> = fc.record({
      organisation: bytes32,
      repository: text(255).filter((value) => value !== ""),
      tag: text(128),
      subjects: fc.array(
        fc.record({
          kind: fc.constantFrom(...digestKinds),
          digest: bytes32.filter((value) => BigInt(value) !== 0n).map(digestFromBytes32),
          platform: text(64),
        }),
        { minLength: 1, maxLength: 5 },
      ),
      issuedAt: fc.maxSafeNat(),
      expiresAt: fc.maxSafeNat(),
      annotations: bytes32,
    });
    await fc.assert(
      fc.asyncProperty(claims, async (claim) => {
        const struct = toClaimStruct(claim);
        const id = claimId(claim, bench.place);
        expect(await bench.read("hashClaim", struct)).toBe(id);
        const plain = {
          ...claim,
          subjects: struct.subjects.map((one) => ({ ...one, kind: Number(one.kind) })),
          issuedAt: `${claim.issuedAt}`,
          expiresAt: `${claim.expiresAt}`,
        };
        const domain = { ...bench.place, chainId: `${bench.chainId}` };
        expect(oracleClaimId(plain, domain)).toBe(id);
        const recordId = batchId([claim, claim], bench.place);
        expect(await bench.read("hashBatch", [struct, struct])).toBe(recordId);
        expect(oracleBatchId([plain, plain], domain)).toBe(recordId);
      }),
      { numRuns: 60 },
    );
    await bench.close();
  });

  test("stands in the domain that the contract tells of itself", async () => {
    const bench = await RegistryBench.deploy();
    expect(await bench.read("eip712Domain")).toEqual([
      "0x1f",
      "DaoChain",
      "1",
      BigInt(bench.chainId),
      bench.address,
      testSalt,
      [],
    ]);
    await bench.close();
  });
});
