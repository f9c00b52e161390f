import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  claimDomain,
  claimId,
  fromClaimStruct,
  type ImageClaim,
  noAnnotations,
  organisationId,
  toClaimStruct,
  validateClaim,
} from "../../../src/claim/claim.ts";
import { isDaoChainError } from "../../../src/errors.ts";
import { type ClaimVector, oracleClaimId } from "../../support/claim-oracle.ts";

const vectors: ClaimVector[] = JSON.parse(
  readFileSync(new URL("../../vectors/claims.json", import.meta.url), "utf8"),
);
const place = { chainId: 2016, registry: "0x5FbDB2315678afecb367f032d93F642f64180aa3" };
const claim: ImageClaim = {
  organisation: organisationId("acme"),
  repository: "docker.io/acme/api",
  tag: "1.4.2",
  subjects: [{ kind: "config", digest: `sha256:${"11".repeat(32)}`, platform: "linux/amd64" }],
  issuedAt: 1_767_225_600,
  expiresAt: 0,
  annotations: noAnnotations,
};
const [only] = claim.subjects;

/** A vector's claim as the contract's ABI gives it. */
function structOf({ claim: plain }: ClaimVector) {
  return {
    ...plain,
    subjects: plain.subjects.map((subject) => ({ ...subject, kind: BigInt(subject.kind) })),
    issuedAt: BigInt(plain.issuedAt),
    expiresAt: BigInt(plain.expiresAt),
  };
}

function codeOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return isDaoChainError(error) ? error.code : error;
  }
  return "no error";
}

describe("claimId", () => {
  test.each(vectors)("agrees with the vector: $title", (vector) => {
    const { domain } = vector;
    const parsed = fromClaimStruct(structOf(vector));
    expect(claimId(parsed, { chainId: Number(domain.chainId), registry: domain.registry })).toBe(
      vector.claimId,
    );
    expect(toClaimStruct(parsed)).toEqual(structOf(vector));
    expect(oracleClaimId(vector.claim, domain)).toBe(vector.claimId);
  });

  test("differs for every vector", () => {
    expect(new Set(vectors.map((vector) => vector.claimId)).size).toBe(vectors.length);
  });

  test("does not depend on how an address is written", () => {
    expect(claimId(claim, place)).toBe(claimId(claim, { ...place, registry: place.registry.toLowerCase() }));
    expect(claimDomain(place)).toEqual({
      name: "DaoChain",
      version: "1",
      chainId: 2016n,
      verifyingContract: place.registry,
    });
  });

  test("is not given for an invalid claim", () => {
    expect(codeOf(() => claimId({ ...claim, subjects: [] }, place))).toBe("CLAIM_INVALID");
  });
});

describe("organisationId", () => {
  test("is keccak256 of the name", () => {
    // From the vectors, whose keccak is another implementation.
    expect(vectors[0]?.claim.organisation).toBe(organisationId("acme"));
  });
});

describe("validateClaim", () => {
  test("takes what lies within the bounds", () => {
    const largest: ImageClaim = {
      ...claim,
      repository: "ä".repeat(127),
      tag: "t".repeat(128),
      subjects: new Array(64).fill({ ...only, platform: "p".repeat(64) }),
      expiresAt: Number.MAX_SAFE_INTEGER,
    };
    for (const good of [claim, largest, { ...claim, tag: "" }])
      expect(codeOf(() => validateClaim(good))).toBe("no error");
  });

  const invalid: [string, object][] = [
    ["no repository", { repository: "" }],
    ["a repository that is long in bytes", { repository: "ä".repeat(128) }],
    ["a lone surrogate", { repository: "a\ud800" }],
    ["a repository that is no text", { repository: 7 }],
    ["a long tag", { tag: "t".repeat(129) }],
    ["no subjects", { subjects: [] }],
    ["65 subjects", { subjects: new Array(65).fill(only) }],
    ["an unknown kind", { subjects: [{ ...only, kind: "blob" }] }],
    ["another digest algorithm", { subjects: [{ ...only, digest: `sha512:${"11".repeat(64)}` }] }],
    ["a digest of zeros", { subjects: [{ ...only, digest: `sha256:${"00".repeat(32)}` }] }],
    ["a long platform", { subjects: [{ ...only, platform: "p".repeat(65) }] }],
    ["a negative time", { issuedAt: -1 }],
    ["half a second", { issuedAt: 0.5 }],
    ["no time", { expiresAt: Number.NaN }],
    ["a time that a double does not hold", { expiresAt: 2 ** 53 }],
    ["an organisation that is a name", { organisation: "acme" }],
    ["an organisation in capitals", { organisation: organisationId("acme").toUpperCase() }],
    ["short annotations", { annotations: "0x00" }],
  ];
  test.each(invalid)("refuses %s", (_, change) => {
    expect(codeOf(() => validateClaim({ ...claim, ...change }))).toBe("CLAIM_INVALID");
    expect(codeOf(() => toClaimStruct({ ...claim, ...change }))).toBe("CLAIM_INVALID");
  });
});

describe("fromClaimStruct", () => {
  const struct = toClaimStruct(claim);

  test("gives back what toClaimStruct took, whatever the case of its hex", () => {
    expect(fromClaimStruct(struct)).toEqual(claim);
    expect(
      fromClaimStruct({ ...struct, organisation: `0x${struct.organisation.slice(2).toUpperCase()}` }),
    ).toEqual(claim);
  });

  const digest = struct.subjects[0]?.digest ?? "";
  test.each<[string, object]>([
    ["a kind that it does not know", { subjects: [{ digest, kind: 4n, platform: "" }] }],
    ["a digest that is too short", { subjects: [{ digest: "0x11", kind: 0n, platform: "" }] }],
    ["a digest that is too long", { subjects: [{ digest: `${digest}11`, kind: 0n, platform: "" }] }],
    ["times beyond any clock", { expiresAt: 2n ** 64n - 1n }],
    ["no subjects", { subjects: [] }],
    ["an organisation of 31 bytes", { organisation: `0x${"11".repeat(31)}` }],
  ])("refuses %s", (_, change) => {
    expect(codeOf(() => fromClaimStruct({ ...struct, ...change }))).toBe("CLAIM_INVALID");
  });
});
