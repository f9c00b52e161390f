import type { ImageClaim } from "../claim/claim.ts";
import { type ClaimKey, maxClaims, type RecordedClaim, tooManyClaims } from "../contract/claims.ts";
import { tagKey } from "../contract/contract.ts";
import { type Digest, digestToBytes32 } from "../digest/digest.ts";
import { failure } from "../errors.ts";
import { type Database, prefixOf, type Row, toText } from "./database.ts";
import type { Position } from "./logs.ts";
import { toAddresses, toAnnotations, toHex } from "./rows.ts";
import { hasDigest, unpackSubjects } from "./subjects.ts";

type Hex = `0x${string}`;

/** A claim's place in the catalogue, where it can be read. */
export interface SnapshotKey extends ClaimKey {
  readonly row: number;
}

/** An organisation as a decision needs it. */
export interface SnapshotOrganisation {
  readonly id: Hex;
  readonly name: string;
  readonly threshold: number;
}

/** A claim as a decision needs it: all but its neighbours in a batch, and the time at which it was recorded. */
export interface SnapshotClaim extends Omit<RecordedClaim, "claim" | "batch" | "submittedAt"> {
  readonly row: number;
  readonly claim: Omit<ImageClaim, "annotations">;
  readonly by: SnapshotOrganisation;
  /** whether its organisation owns the repository that it names */
  readonly byOwner: boolean;
  /** whether it is its tag's newest claim that counted */
  readonly isHead: boolean;
}

const claimQuery = `
SELECT c.id, c.hash, r.hash AS record, o.hash AS organisation, o.name, o.threshold AS wanted, r.organisation AS own, p.name AS repository,
  p.owner, c.tag, c.issued_at, c.expires_at, c.block, c."transaction", c.annotations, c.subjects, c.head,
  r.threshold, r.approvals, r.stale, r.signers
FROM claims c
JOIN records r ON r.id = c.record
JOIN organisations o ON o.id = r.organisation
JOIN repositories p ON p.id = c.repository`;

/**
 * The registry as the catalogue has it, all as of one block: it is good for as long as the task that it was given to. What it says is what
 * `readClaims` and its neighbours would say as of that block.
 */
export class RegistrySnapshot {
  readonly #database: Database;
  /** another after everything was thrown away */
  readonly epoch: number;
  /** another after anything was written; counted anew with each epoch */
  readonly changes: number;
  readonly position: Position;

  constructor(database: Database, epoch: number, changes: number, position: Position) {
    this.#database = database;
    this.epoch = epoch;
    this.changes = changes;
    this.position = position;
  }

  organisation(id: Hex): SnapshotOrganisation | undefined {
    const row = this.#database.get(
      "SELECT hash, name, threshold FROM organisations WHERE hash = ?",
      blob(id),
    );
    return row && toOrganisation(row);
  }

  /** In the order of their admission. */
  organisations(): SnapshotOrganisation[] {
    return this.#database
      .all("SELECT hash, name, threshold FROM organisations ORDER BY id")
      .map(toOrganisation);
  }

  /** The organisation that owns the longest namespace which holds a repository. @param repository canonical */
  ownerOf(repository: string): Hex | undefined {
    for (let end = repository.length; ; end = repository.lastIndexOf("/", end - 1)) {
      const owner = this.#database.get(
        "SELECT o.hash FROM namespaces n JOIN organisations o ON o.id = n.organisation WHERE n.name = ?",
        repository.slice(0, Math.max(end, 0)),
      );
      if (owner !== undefined) return toHex(owner["hash"]);
      if (end <= 0) return undefined;
    }
  }

  /**
   * The claims that name one of the digests, in the order in which they were recorded.
   * @param organisation only this organisation's; undefined for everyone's
   * @throws TOO_MANY_CLAIMS
   */
  naming(digests: readonly Digest[], organisation?: Hex): SnapshotKey[] {
    const keys = new Map<number, SnapshotKey>();
    for (const digest of new Set(digests)) {
      const hex = digestToBytes32(digest).slice(2);
      const rows = this.#database.all(
        `SELECT c.id, c.hash, c.subjects, r.hash AS record, o.hash AS organisation
          FROM subjects s JOIN claims c ON c.id = s.claim JOIN records r ON r.id = c.record JOIN organisations o ON o.id = r.organisation
          WHERE s.prefix = ? AND (? IS NULL OR o.hash = ?) ORDER BY s.claim LIMIT ${maxClaims + 1}`,
        prefixOf(hex),
        organisation === undefined ? null : 1,
        organisation === undefined ? null : blob(organisation),
      );
      for (const row of rows) {
        if (!hasDigest(row["subjects"], hex)) continue;
        const id = Number(row["id"]);
        const [claim, record] = [toHex(row["hash"]), toHex(row["record"])];
        keys.set(id, { row: id, id: claim, record, organisation: toHex(row["organisation"]) });
      }
      if (rows.length > maxClaims || keys.size > maxClaims) throw tooManyClaims();
    }
    return [...keys.values()].sort((a, b) => a.row - b.row);
  }

  /**
   * Claims by their places; those of a record that nobody can read are left out.
   * @throws VOID_UNSETTLED where a void has touched one, and the contract has not said yet what it left
   */
  claims(keys: readonly Pick<SnapshotKey, "row">[]): SnapshotClaim[] {
    return keys.flatMap(({ row }) => {
      const found = this.#database.get(`${claimQuery} WHERE c.id = ? AND r.readable = 1`, row);
      return found === undefined ? [] : [this.#toClaim(found)];
    });
  }

  /**
   * The newest claim that counted for an organisation's repository and tag.
   * @throws HEAD_UNREADABLE where it is one that nobody can read, or as `claims`
   */
  head(organisation: Hex, repository: string, tag: string): SnapshotClaim | undefined {
    if (repository === "" || tag === "") return undefined;
    const key = tagKey(organisation, repository, tag).slice(2);
    const row = this.#database.get(
      "SELECT id, repository FROM claims WHERE tag_prefix = ? AND head = 1 AND tag_key = ? ORDER BY id DESC LIMIT 1",
      prefixOf(key),
      Buffer.from(key, "hex"),
    );
    if (row === undefined) return undefined;
    if (row["repository"] === 0) throw failure("HEAD_UNREADABLE", { name: `${repository}:${tag}` });
    return this.claims([{ row: Number(row["id"]) }])[0];
  }

  /** Those of the digests that an organisation has revoked, in their order. */
  revoked(organisation: Hex, digests: readonly Digest[]): Digest[] {
    return digests.filter((digest) => this.#revokedAt(organisation, "digest", digestToBytes32(digest)) !== 0);
  }

  /** Some claims, from one on, in the order in which they were recorded. @param row the first that is asked for */
  from(row: number, limit: number): SnapshotKey[] {
    return this.#database
      .all(
        `SELECT c.id, c.hash, r.hash AS record, o.hash AS organisation
          FROM claims c JOIN records r ON r.id = c.record JOIN organisations o ON o.id = r.organisation
          WHERE c.id >= ? AND r.readable = 1 AND r.stale = 0 ORDER BY c.id LIMIT ?`,
        row,
        limit,
      )
      .map((found) => ({
        row: Number(found["id"]),
        id: toHex(found["hash"]),
        record: toHex(found["record"]),
        organisation: toHex(found["organisation"]),
      }));
  }

  #toClaim(row: Row): SnapshotClaim {
    if (row["stale"] === 1) throw failure("VOID_UNSETTLED");
    const [id, record] = [toHex(row["hash"]), toHex(row["record"])];
    const by = toOrganisation({
      ...row,
      hash: row["organisation"] ?? null,
      threshold: row["wanted"] ?? null,
    });
    const subjects = unpackSubjects(row["subjects"] as Uint8Array);
    return {
      row: Number(row["id"]),
      id,
      record,
      claim: {
        organisation: by.id,
        repository: toText(row["repository"]),
        tag: toText(row["tag"]),
        subjects,
        issuedAt: Number(row["issued_at"]),
        expiresAt: Number(row["expires_at"]),
      },
      annotations: toAnnotations(toText(row["annotations"])),
      block: Number(row["block"]),
      transaction: toHex(row["transaction"]),
      signers: toAddresses(row["signers"]),
      validApprovals: Number(row["approvals"]),
      threshold: Number(row["threshold"]),
      revokedAt: this.#revokedAt(by.id, "claim", id) || this.#revokedAt(by.id, "claim", record),
      revokedDigests: this.revoked(
        by.id,
        subjects.map(({ digest }) => digest),
      ),
      by,
      byOwner: row["owner"] === row["own"],
      isHead: row["head"] === 1,
    };
  }

  /** @returns seconds since 1970; 0 while it stands */
  #revokedAt(organisation: Hex, what: "claim" | "digest", id: Hex): number {
    const row = this.#database.get(
      `SELECT v.time FROM revocations v JOIN organisations o ON o.id = v.organisation
        WHERE o.hash = ? AND v.what = ? AND v.hash = ?`,
      blob(organisation),
      what,
      blob(id),
    );
    return Number(row?.["time"] ?? 0);
  }
}

function toOrganisation(row: Row): SnapshotOrganisation {
  return { id: toHex(row["hash"]), name: String(row["name"]), threshold: Number(row["threshold"]) };
}

function blob(hex: Hex): Buffer {
  return Buffer.from(hex.slice(2), "hex");
}
