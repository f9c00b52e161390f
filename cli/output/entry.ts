import type { CatalogueEntry, Digest } from "../../src/internal.ts";
import { formatTime } from "./table.ts";

/** A claim of the catalogue in the words of a verdict's JSON. That its image is what was claimed nobody has looked at. */
export interface EntryJson {
  readonly image: string;
  readonly status: string;
  readonly organisation: string;
  readonly byOwner: boolean;
  readonly repository: string;
  readonly tag: string | null;
  readonly subjects: CatalogueEntry["subjects"];
  readonly claim: {
    readonly id: string;
    readonly signers: readonly string[];
    readonly approvals: number;
    readonly threshold: number;
    readonly signedAt: string;
    readonly expiresAt: string | null;
    readonly block: number;
    readonly transaction: string;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly revocation: { readonly reason: string; readonly digests: readonly Digest[] } | null;
}

export function imageOf({ repository, tag }: Pick<CatalogueEntry, "repository" | "tag">): string {
  return tag === "" ? repository : `${repository}:${tag}`;
}

/** What the claim is worth, as a verdict on its image would say. */
export function statusOf({
  standing,
  isHead,
  tag,
}: CatalogueEntry): "verified" | "superseded" | "pending" | "revoked" | "expired" | "untrusted" {
  if (standing !== "good") return standing;
  return isHead || tag === "" ? "verified" : "superseded";
}

export function toEntryJson(entry: CatalogueEntry): EntryJson {
  const { organisation, byOwner, repository, tag, subjects, expiresAt } = entry;
  return {
    image: imageOf(entry),
    status: statusOf(entry),
    organisation,
    byOwner,
    repository,
    tag: tag === "" ? null : tag,
    subjects,
    claim: {
      id: entry.claim,
      signers: entry.signers,
      approvals: entry.approvals,
      threshold: entry.threshold,
      signedAt: formatTime(entry.issuedAt),
      expiresAt: expiresAt === 0 ? null : formatTime(expiresAt),
      block: entry.block,
      transaction: entry.transaction,
      annotations: entry.annotations,
    },
    revocation: entry.revocation ?? null,
  };
}

/** The beginning of the digest that a claim names first: enough to recognise it by. */
export function shortDigest({ subjects }: CatalogueEntry): string {
  return subjects[0]?.digest.slice(0, "sha256:".length + 12) ?? "";
}
