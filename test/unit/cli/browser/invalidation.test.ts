import { describe, expect, it } from "vitest";
import type { CatalogueReader } from "../../../../cli/browser/models/follower.ts";
import { Invalidation } from "../../../../cli/browser/models/invalidation.ts";
import type {
  CatalogueChange,
  CatalogueEntry,
  CatalogueHistoryEntry,
  Verdict,
} from "../../../../src/internal.ts";
import { aboutImage } from "../../../../src/internal.ts";
import { digest, subject } from "../../../support/evidence.ts";

const entry = {
  claim: "0xc1",
  record: "0x4ec",
  repository: "docker.io/acme/api",
  tag: "1.0",
  subjects: [subject("config", 1)],
} as unknown as CatalogueEntry;

/** A catalogue of one claim. */
const catalogue = {
  naming: (digests: readonly string[]) => (digests.includes(digest(1)) ? [entry] : []),
  inRecord: (record: string) => (record === entry.record ? [entry] : []),
} as unknown as CatalogueReader;

const verdict: Verdict = {
  ...aboutImage("acme/api:1.0", undefined, 0),
  status: "verified",
  organisation: "acme",
  repository: "docker.io/acme/api",
  tag: "1.0",
  subjects: [subject("config", 7), subject("manifest", 8)],
};

function followed(
  change: Partial<CatalogueChange>,
  ...acts: readonly [act: string, claim?: string][]
): Invalidation {
  const nothing = { from: 1, to: 2, acts: [], digests: new Set(), organisations: new Set(), rebuilt: false };
  const told = acts.map(([act, claim = null]) => ({ act, claim }) as CatalogueHistoryEntry);
  return new Invalidation({ ...nothing, acts: told, ...change } as CatalogueChange, catalogue);
}

const acme = { organisations: new Set(["acme"]) };

describe("what is new on the chain", () => {
  it("concerns nobody where it is nothing, and everybody where everything is made anew", () => {
    expect(followed({}).concerns(digest(7), undefined)).toBe(false);
    expect(followed({ from: undefined }).concerns(digest(7), verdict)).toBe(false);
    expect(followed({ rebuilt: true }).concerns(digest(7), verdict)).toBe(true);
  });

  it("concerns an image whose ID or digest was claimed or revoked, and no other of its organisation", () => {
    const change = (number: number) => followed({ ...acme, digests: new Set([digest(number)]) }, ["claimed"]);
    expect(change(7).concerns(digest(7), verdict)).toBe(true);
    expect(change(8).concerns(digest(7), verdict)).toBe(true);
    expect(change(9).concerns(digest(9), verdict)).toBe(true);
    expect(change(9).concerns(digest(7), verdict)).toBe(false);
  });

  it("concerns an image whose tag was claimed for another", () => {
    const change = followed({ ...acme, digests: new Set([digest(1)]) }, ["claimed"]);
    expect(change.concerns(digest(7), verdict)).toBe(true);
    expect(change.concerns(digest(7), { ...verdict, tag: "2.0" })).toBe(false);
  });

  it("concerns an image whose claim was approved, and those whose tag the claim is about", () => {
    const other = { ...verdict, repository: "docker.io/acme/web" };
    const approved = followed(acme, ["approved", "0x4ec"]);
    expect(approved.concerns(digest(7), verdict)).toBe(true);
    expect(approved.concerns(digest(1), other)).toBe(true);
    expect(approved.concerns(digest(7), other)).toBe(false);
  });

  it("concerns all of an organisation whose signers or threshold changed, and nobody else", () => {
    const change = followed(acme, ["claimed"], ["signer voided"]);
    expect(change.concerns(digest(7), { ...verdict, repository: "docker.io/acme/web" })).toBe(true);
    expect(change.concerns(digest(7), { ...verdict, organisation: "globex", tag: "2.0" })).toBe(false);
    expect(change.concerns(digest(7), { ...verdict, organisation: null, tag: "2.0" })).toBe(false);
  });

  it.each(["namespace added", "namespace removed", "organisation admitted"])(
    "concerns everybody where it bears on who owns what: %s",
    (act) => {
      expect(followed(acme, [act]).concerns(digest(7), { ...verdict, organisation: null })).toBe(true);
    },
  );

  it("concerns whatever could not be judged or waits to be", () => {
    const change = followed({ ...acme, digests: new Set([digest(9)]) }, ["claimed"]);
    expect(change.concerns(digest(7), { ...verdict, status: "inconclusive", tag: "2.0" })).toBe(true);
    expect(change.concerns(digest(7), undefined)).toBe(true);
  });

  it("concerns all of an organisation where the catalogue cannot be read", () => {
    const broken = {
      naming: () => {
        throw new Error("disk I/O error");
      },
    } as unknown as CatalogueReader;
    const nothing = { from: 1, to: 2, rebuilt: false };
    const acts = [{ act: "claimed", claim: null } as CatalogueHistoryEntry];
    const change = new Invalidation({ ...nothing, ...acme, acts, digests: new Set([digest(9)]) }, broken);
    expect(change.concerns(digest(7), { ...verdict, tag: "2.0" })).toBe(true);
    expect(change.concerns(digest(7), { ...verdict, organisation: "globex" })).toBe(false);
  });

  it("concerns all of an organisation where there was more than can be told or looked up", () => {
    const other = { ...verdict, tag: "2.0" };
    const acts = Array.from({ length: 1000 }, (): [string] => ["claimed"]);
    expect(followed(acme, ...acts).concerns(digest(7), other)).toBe(true);
    const digests = new Set(Array.from({ length: 301 }, (_, i) => digest(1000 + i)));
    expect(followed({ ...acme, digests }, ["claimed"]).concerns(digest(7), other)).toBe(true);
    const records = Array.from({ length: 11 }, (_, i): [string, string] => ["approved", `0x${i}`]);
    expect(followed(acme, ...records).concerns(digest(7), other)).toBe(true);
  });
});
