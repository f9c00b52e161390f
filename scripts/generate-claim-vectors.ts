import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import {
  type BatchVector,
  type ClaimVector,
  type OracleClaim,
  oracleBatchId,
  oracleClaimId,
  oracleStructHash,
} from "../test/support/claim-oracle.ts";
import { keccak256 } from "../test/support/keccak.ts";

// Claims whose ids every implementation must agree on, here and in other languages.

const digest = (seed: string): string => `0x${createHash("sha256").update(seed).digest("hex")}`;
const organisation = (name: string): string =>
  `0x${Buffer.from(keccak256(Buffer.from(name))).toString("hex")}`;

const domain = {
  chainId: "2016",
  registry: "0x5fbdb2315678afecb367f032d93f642f64180aa3",
  salt: digest("salt"),
};
const plain: OracleClaim = {
  organisation: organisation("acme"),
  repository: "docker.io/acme/api",
  tag: "1.4.2",
  subjects: [{ digest: digest("config"), kind: 0, platform: "linux/amd64" }],
  issuedAt: "1767225600",
  expiresAt: "0",
  annotations: `0x${"00".repeat(32)}`,
};
const subjects = (count: number): OracleClaim["subjects"] =>
  Array.from({ length: count }, (_, i) => ({
    digest: digest(`subject ${i}`),
    kind: i % 4,
    platform: i % 4 === 2 ? "" : `linux/${["amd64", "arm64", "s390x"][i % 3]}`,
  }));
const platform = (text: string): OracleClaim["subjects"] => [
  { digest: digest("platform"), kind: 1, platform: text },
];

const cases: [title: string, claim: OracleClaim, domain?: ClaimVector["domain"]][] = [
  ["one config digest", plain],
  ["no tag", { ...plain, tag: "" }],
  ["all four kinds", { ...plain, subjects: subjects(4) }],
  ["the same subjects in another order", { ...plain, subjects: subjects(4).toReversed() }],
  ["the same subject twice", { ...plain, subjects: [...plain.subjects, ...plain.subjects] }],
  ["64 subjects", { ...plain, subjects: subjects(64) }],
  ["an expiry", { ...plain, expiresAt: "1798761600" }],
  ["annotations", { ...plain, annotations: digest('{"revision":"0f3c"}') }],
  ["issued at 0", { ...plain, issuedAt: "0" }],
  [
    "the latest time that a double holds",
    { ...plain, issuedAt: "9007199254740991", expiresAt: "9007199254740991" },
  ],
  [
    "the largest and smallest 32 bytes",
    {
      ...plain,
      organisation: `0x${"ff".repeat(32)}`,
      subjects: [{ digest: `0x${"00".repeat(31)}01`, kind: 3, platform: "" }],
    },
  ],
  ["a platform beyond ASCII", { ...plain, subjects: platform("línux/ämd64 \u{1f433}") }],
  ["a decomposed accent, which is another text", { ...plain, subjects: platform("li\u0301nux") }],
  ["control characters and quotes", { ...plain, tag: 'a"b\\c\n\u0000\u001b[31m' }],
  [
    "texts as long as they may be",
    {
      ...plain,
      repository: `r.io/${"a".repeat(250)}`,
      tag: "t".repeat(128),
      subjects: platform("p".repeat(64)),
    },
  ],
  ["another chain", plain, { ...domain, chainId: "9007199254740991" }],
  ["another registry", plain, { ...domain, registry: `0x${"00".repeat(18)}2016` }],
];

const vectors = cases.map(
  ([title, claim, where = domain]): ClaimVector => ({
    title,
    domain: where,
    claim,
    claimId: oracleClaimId(claim, where),
  }),
);

const tags = (count: number): OracleClaim[] =>
  Array.from({ length: count }, (_, i) => ({ ...plain, tag: `1.${i}`, subjects: subjects(1 + (i % 3)) }));
const batches: [title: string, claims: OracleClaim[], domain?: BatchVector["domain"]][] = [
  ["one claim, whose batch is not the claim", [plain]],
  ["two claims", tags(2)],
  ["the same two in another order", tags(2).toReversed()],
  ["the same claim twice", [plain, plain]],
  ["100 claims", tags(100)],
  ["two claims on another chain", tags(2), { ...domain, chainId: "1" }],
];
const batchVectors = batches.map(
  ([title, claims, where = domain]): BatchVector => ({
    title,
    domain: where,
    claims,
    claimHashes: claims.map(oracleStructHash),
    recordId: oracleBatchId(claims, where),
  }),
);

for (const [name, value] of [
  ["claims", vectors],
  ["batches", batchVectors],
] as const) {
  writeFileSync(
    new URL(`../test/vectors/${name}.json`, import.meta.url),
    `${JSON.stringify(value, null, 2)}\n`,
  );
}
