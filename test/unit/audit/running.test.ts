import { describe, expect, test } from "vitest";
import { canHit, isHit, type RunningContainer } from "../../../src/audit/running.ts";
import type { CatalogueHistoryEntry } from "../../../src/catalogue/history.ts";
import type { RegistryAct } from "../../../src/contract/history.ts";
import { defaultPolicy } from "../../../src/policy/policy.ts";
import { decide } from "../../../src/verdict/decide.ts";
import type { Evidence } from "../../../src/verdict/evidence.ts";
import { claim, digest, evidence, evidenceOf, subject } from "../../support/evidence.ts";

function running(seen: Evidence): RunningContainer {
  const container = {
    id: "1".repeat(64),
    image: digest(1),
    calledImage: "acme/api:1.0",
    name: "api",
    state: "running",
  };
  return { container, evidence: seen, verdict: decide(seen, defaultPolicy) };
}

function act(
  what: RegistryAct,
  target: string,
  more: Partial<CatalogueHistoryEntry> = {},
): CatalogueHistoryEntry {
  const nobody = { time: 0, block: 1, transaction: "0x", by: null, reason: null, claim: null };
  return { ...nobody, act: what, subject: target, organisation: "acme", ...more };
}

const good = claim();
const revokedDigest = evidenceOf(claim({ revokedDigests: [digest(1)] }), { revoked: [digest(1)] });
/** The claim names what would run too, and it is that which was revoked: an engine's ID does not tell of it. */
const revokedRuntime = evidenceOf(
  claim({ subjects: [subject("config", 1), subject("runtime", 9)], revokedDigests: [digest(9)] }),
);
const revokedClaim = evidenceOf(claim({ revokedAt: 5 }));
const voided = evidenceOf(claim({ validApprovals: 0 }));
const lost = evidence({ required: undefined, claims: [claim({ byOwner: false })] });
const [signer = ""] = good.signers;

describe("an act hits a running container", () => {
  test.each<[string, CatalogueHistoryEntry, Evidence, string | undefined, boolean]>([
    ["its digest was revoked", act("revoked digest", digest(1)), revokedDigest, "verified", true],
    ["it was not known before", act("revoked digest", digest(1)), revokedDigest, undefined, true],
    ["what would run was revoked", act("revoked digest", digest(9)), revokedRuntime, "verified", true],
    ["another digest was revoked", act("revoked digest", digest(2)), revokedDigest, "verified", false],
    [
      "another organisation revoked its digest",
      act("revoked digest", digest(1), { organisation: "evil" }),
      revokedDigest,
      "verified",
      false,
    ],
    [
      "its claim was revoked",
      act("revoked claim", good.id, { claim: good.id }),
      revokedClaim,
      "verified",
      true,
    ],
    ["another claim was revoked", act("revoked claim", digest(5)), revokedClaim, "verified", false],
    ["its signer was voided", act("signer voided", signer), voided, "verified", true],
    ["another signer was voided", act("signer voided", "0x1"), voided, "verified", false],
    ["another claim stands for it", act("revoked digest", digest(9)), evidenceOf(good), "verified", false],
    ["its namespace was taken", act("namespace removed", "docker.io/acme"), lost, "verified", true],
    ["every namespace was taken", act("namespace removed", "every repository"), lost, "verified", true],
    ["it was not good before", act("namespace removed", "docker.io/acme"), lost, "untrusted", false],
    ["another namespace was taken", act("namespace removed", "docker.io/ac"), lost, "verified", false],
    ["somebody became an admin", act("admin added", signer), voided, "verified", false],
  ])("%s", (_, what, seen, before, expected) => {
    expect(isHit(what, running(seen), before)).toBe(expected);
    if (expected) expect(canHit(what)).toBe(true);
  });
});
