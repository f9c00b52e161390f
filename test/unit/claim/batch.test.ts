import { readFileSync } from "node:fs";
import { TypedDataEncoder } from "ethers";
import { describe, expect, test } from "vitest";
import { batchId, batchIdOfHashes, batchTypes, claimIdOfHash } from "../../../src/claim/batch.ts";
import {
  claimDomain,
  claimId,
  claimStructHash,
  fromClaimStruct,
  type ImageClaim,
  toClaimStruct,
} from "../../../src/claim/claim.ts";
import { isDaoChainError } from "../../../src/errors.ts";
import type { BatchVector } from "../../support/claim-oracle.ts";

const vectors: BatchVector[] = JSON.parse(
  readFileSync(new URL("../../vectors/batches.json", import.meta.url), "utf8"),
);

function claimsOf({ claims }: BatchVector): ImageClaim[] {
  return claims.map((plain) =>
    fromClaimStruct({
      ...plain,
      subjects: plain.subjects.map((subject) => ({ ...subject, kind: BigInt(subject.kind) })),
      issuedAt: BigInt(plain.issuedAt),
      expiresAt: BigInt(plain.expiresAt),
    }),
  );
}

const placeOf = ({ domain }: BatchVector) => ({ ...domain, chainId: Number(domain.chainId) });

function refusal(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return isDaoChainError(error) ? error.code : error;
  }
}

describe("batchId", () => {
  test.each(vectors)("agrees with the vector: $title", (vector) => {
    const claims = claimsOf(vector);
    const place = placeOf(vector);
    expect(claims.map(claimStructHash)).toEqual(vector.claimHashes);
    expect(batchId(claims, place)).toBe(vector.recordId);
    // What a wallet signs when it is given the whole batch.
    const value = { claims: claims.map(toClaimStruct) };
    expect(TypedDataEncoder.hash(claimDomain(place), batchTypes, value)).toBe(vector.recordId);
  });

  test("is proven for one claim by the hashes beside it", () => {
    const vector = vectors.find(({ title }) => title === "two claims");
    if (vector === undefined) throw new Error("The vector is missing.");
    const [claim] = claimsOf(vector) as [ImageClaim];
    const place = placeOf(vector);
    const hashes = [claimStructHash(claim), ...claimsOf(vector).slice(1).map(claimStructHash)];
    expect(batchIdOfHashes(hashes, place)).toBe(vector.recordId);
    expect(claimIdOfHash(claimStructHash(claim), place)).toBe(claimId(claim, place));
    expect(batchIdOfHashes(hashes.slice(1), place)).not.toBe(vector.recordId);
  });

  test("is of 1 to 100 claims of one organisation", () => {
    const vector = vectors.find(({ title }) => title === "100 claims");
    if (vector === undefined) throw new Error("The vector is missing.");
    const claims = claimsOf(vector);
    const [claim] = claims as [ImageClaim];
    const place = placeOf(vector);
    expect(refusal(() => batchId([], place))).toBe("BATCH_INVALID");
    expect(refusal(() => batchId([...claims, claim], place))).toBe("BATCH_INVALID");
    const other = { ...claim, organisation: `0x${"11".repeat(32)}` } as const;
    expect(refusal(() => batchId([claim, other], place))).toBe("BATCH_INVALID");
    expect(refusal(() => batchId([claim, { ...claim, repository: "" }], place))).toBe("CLAIM_INVALID");
  });
});
