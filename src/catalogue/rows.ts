import { hashAnnotations, parseAnnotations } from "../claim/annotations.ts";
import { toAddress } from "../contract/organisations.ts";
import { digestToBytes32 } from "../digest/digest.ts";
import { type Database, type Row, toText } from "./database.ts";
import type { CatalogueEntry, CatalogueOrganisation, Standing } from "./entry.ts";
import { unpackSubjects } from "./subjects.ts";

/** What a claim's row is joined with wherever an entry is made of it. */
export const entryQuery = `
SELECT c.id, c.hash, r.hash AS record, r.organisation AS owner_of_claim, o.name AS organisation, o.threshold AS wanted, p.name AS repository,
  p.owner, c.tag, c.issued_at, c.expires_at, c.block, c."transaction", c.annotations, c.subjects, c.head, c.revoked,
  r.threshold, r.approvals, r.stale, r.signers
FROM claims c
JOIN records r ON r.id = c.record
JOIN organisations o ON o.id = r.organisation
JOIN repositories p ON p.id = c.repository`;

/** What a claim is worth, as `decide` has it. */
export function standingOf(
  claim: {
    readonly revoked: boolean;
    readonly approvals: number;
    readonly threshold: number;
    readonly expiresAt: number;
  },
  now: number,
): Standing {
  if (claim.revoked) return "revoked";
  if (claim.approvals === 0) return "untrusted";
  if (claim.threshold === 0 || claim.approvals < claim.threshold) return "pending";
  if (claim.expiresAt !== 0 && claim.expiresAt <= now) return "expired";
  return "good";
}

/** @param row of `entryQuery` @param now seconds since 1970 */
export function toEntry(database: Database, row: Row, now: number): CatalogueEntry {
  const subjects = unpackSubjects(row["subjects"] as Uint8Array);
  const revoked = row["revoked"] === 1;
  const [threshold, expiresAt] = [Number(row["threshold"]), Number(row["expires_at"])];
  // What a void left of them is not known before the contract was asked.
  const approvals = row["stale"] === 1 ? 0 : Number(row["approvals"]);
  const claim = toHex(row["hash"]);
  const record = toHex(row["record"]);
  const owner = Number(row["owner_of_claim"]);
  return {
    claim,
    record,
    organisation: String(row["organisation"]),
    repository: toText(row["repository"]),
    tag: toText(row["tag"]),
    issuedAt: Number(row["issued_at"]),
    expiresAt,
    block: Number(row["block"]),
    transaction: toHex(row["transaction"]),
    standing: standingOf({ revoked, approvals, threshold, expiresAt }, now),
    isHead: row["head"] === 1,
    byOwner: row["owner"] === owner,
    approvals,
    threshold: threshold === 0 ? Number(row["wanted"]) : threshold,
    signers: toAddresses(row["signers"]),
    subjects,
    annotations: toAnnotations(toText(row["annotations"])),
    revocation: revoked
      ? readRevocation(
          database,
          owner,
          [claim, record],
          subjects.map(({ digest }) => digest),
        )
      : undefined,
  };
}

function readRevocation(
  database: Database,
  organisation: number,
  ids: readonly string[],
  digests: readonly CatalogueEntry["subjects"][number]["digest"][],
): CatalogueEntry["revocation"] {
  const find = (what: string, hex: string): string | undefined => {
    const row = database.get(
      "SELECT reason FROM revocations WHERE organisation = ? AND what = ? AND hash = ?",
      organisation,
      what,
      Buffer.from(hex.slice(2), "hex"),
    );
    return row && toText(row["reason"]);
  };
  const ofClaim = ids.map((id) => find("claim", id)).find((reason) => reason !== undefined);
  const fallen = [...new Set(digests)].flatMap((digest) => {
    const reason = find("digest", digestToBytes32(digest));
    return reason === undefined ? [] : [{ digest, reason }];
  });
  return {
    reason: ofClaim ?? fallen[0]?.reason ?? "",
    digests: fallen.map(({ digest }) => digest),
  };
}

/** @param row of the table of organisations */
export function toOrganisation(database: Database, row: Row): CatalogueOrganisation {
  const id = Number(row["id"]);
  const members = (role: string): string[] =>
    database
      .all("SELECT address FROM members WHERE organisation = ? AND role = ? ORDER BY id", id, role)
      .flatMap(({ address }) => toAddresses(address));
  return {
    id: toHex(row["hash"]),
    name: String(row["name"]),
    displayName: toText(row["display_name"]),
    threshold: Number(row["threshold"]),
    admins: members("admin"),
    signers: members("signer"),
    namespaces: database
      .all("SELECT name FROM namespaces WHERE organisation = ? ORDER BY name", id)
      .map(({ name }) => String(name)),
  };
}

/** Addresses by their hex: a checksum takes longer than all else about a row, and few addresses sign many claims. */
const checksummed = new Map<string, string>();
const maxChecksummed = 10_000;

export function toAddresses(blob: unknown): string[] {
  const hex = Buffer.from(blob as Uint8Array).toString("hex");
  return (hex.match(/.{40}/g) ?? []).map((address) => {
    let found = checksummed.get(address);
    if (found === undefined) {
      found = toAddress(`0x${address}`);
      if (checksummed.size >= maxChecksummed) checksummed.clear();
      checksummed.set(address, found);
    }
    return found;
  });
}

/** The JSON's hash was compared with the claim's before it was kept; whether it is annotations is another question. */
export function toAnnotations(json: string): Readonly<Record<string, string>> {
  try {
    return parseAnnotations(json, hashAnnotations(json));
  } catch {
    return {};
  }
}

export function toHex(value: unknown): `0x${string}` {
  return `0x${Buffer.from(value as Uint8Array).toString("hex")}`;
}
