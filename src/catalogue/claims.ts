import { fromText, prefixOf, type Row } from "./database.ts";
import type { Hex } from "./events.ts";
import { blob, type EventOf, type IndexWriter, rowsAtOnce, toBlob } from "./index-writer.ts";
import { isRevoked } from "./revocations.ts";
import { packSubjects } from "./subjects.ts";

/**
 * A claim that was told with all of its subjects.
 * @param id as the subjects' events tell it
 */
export function addClaim(
  writer: IndexWriter,
  { organisation, record, claim, block, transaction }: EventOf<"claim">,
  id: Hex,
): void {
  const database = writer.database;
  const own = writer.organisation(organisation);
  const recordId = writer.recordFor(record, own);
  const { content, tagKey } = claim;
  const [hash, prefix] = [blob(id), prefixOf(id)];
  const same = database.all("SELECT record, head FROM claims WHERE prefix = ? AND hash = ?", prefix, hash);
  // The same claim twice in one batch.
  if (same.some((other) => other["record"] === recordId)) return;
  const digests = [...new Set(content?.subjects.map(({ digest }) => digest))];
  const { id: row } = database.run(
    `INSERT INTO claims (hash, prefix, record, repository, tag, tag_key, tag_prefix, issued_at, expires_at, block, "transaction",
      annotations, subjects, head, revoked, changed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    hash,
    prefix,
    recordId,
    content === undefined ? 0 : writer.repository(content.repository),
    fromText(content?.tag ?? ""),
    tagKey === undefined ? null : blob(tagKey),
    tagKey === undefined ? null : prefixOf(tagKey),
    clamp(claim.issuedAt),
    clamp(claim.expiresAt),
    block,
    blob(transaction),
    fromText(content?.annotations ?? ""),
    packSubjects(content?.subjects ?? []),
    Number(same[0]?.["head"] ?? 0),
    isRevoked(writer, own, [id, record], digests) ? 1 : 0,
    writer.change,
  );
  if (digests.length > 0) {
    database.run(
      `INSERT OR IGNORE INTO subjects (prefix, claim) VALUES ${digests.map(() => "(?, ?)").join(", ")}`,
      ...digests.flatMap((digest) => [prefixOf(digest), row]),
    );
  }
  if (same.length > 0) {
    for (const sharing of [recordId, ...same.map((other) => Number(other["record"]))]) {
      database.run("UPDATE records SET shared = 1 WHERE id = ?", sharing);
    }
  }
  // One claim that nobody can read keeps its whole record from being believed (readRecord in the registry's claims).
  if (content === undefined) database.run("UPDATE records SET readable = 0 WHERE id = ?", recordId);
  writer.touched.add(recordId);
}

export function approve(writer: IndexWriter, { organisation, record, signer }: EventOf<"approved">): void {
  const { id, signers } = writer.record(organisation, record);
  writer.database.run(
    "UPDATE records SET approvals = approvals + 1, signers = ? WHERE id = ?",
    Buffer.concat([signers, blob(signer)]),
    id,
  );
  writer.touched.add(id);
}

/**
 * The tags of the record's claims move to them, by the rule that IDaoChainRegistry.sol states at RecordCounted.
 * @param time of the block, in seconds since 1970; undefined where the record was recorded in it, when no claim of it has expired
 */
export function count(
  writer: IndexWriter,
  { organisation, record, threshold }: EventOf<"counted">,
  time: number | undefined,
): void {
  const database = writer.database;
  const { id, own } = writer.record(organisation, record);
  database.run("UPDATE records SET threshold = ? WHERE id = ?", threshold, id);
  const claims = database.all(
    "SELECT hash, prefix, tag_key, tag_prefix, issued_at, expires_at FROM claims WHERE record = ? AND tag_key IS NOT NULL ORDER BY id",
    id,
  );
  for (const claim of claims) {
    const hash = toBlob(claim["hash"]);
    const [issuedAt, expiresAt] = [Number(claim["issued_at"]), Number(claim["expires_at"])];
    if (time !== undefined && expiresAt !== 0 && expiresAt <= time) continue;
    if (isRevoked(writer, own, [hash.toString("hex")], [])) continue;
    const head = database.get(
      "SELECT hash, prefix, issued_at FROM claims WHERE tag_prefix = ? AND head = 1 AND tag_key = ?",
      Number(claim["tag_prefix"]),
      toBlob(claim["tag_key"]),
    );
    if (head !== undefined) {
      if (Number(head["issued_at"]) >= issuedAt) continue;
      setHead(writer, head, 0);
    }
    setHead(writer, claim, 1);
  }
  writer.touched.add(id);
}

/** @param claim in all records that it stands in */
function setHead(writer: IndexWriter, claim: Row, head: number): void {
  writer.database.run(
    "UPDATE claims SET head = ?, changed = ? WHERE prefix = ? AND hash = ?",
    head,
    writer.change,
    Number(claim["prefix"]),
    toBlob(claim["hash"]),
  );
}

/**
 * What a void leaves of approvals is for the contract to say: the records that it may touch are read again at the end. It pauses where one
 * likes.
 */
export function* voidApprovals(
  writer: IndexWriter,
  { organisation, signer }: EventOf<"voided">,
): Iterable<void> {
  const own = writer.organisation(organisation);
  const last = Number(writer.database.get("SELECT max(id) AS last FROM records")?.["last"] ?? 0);
  for (let from = 1; from <= last; from += rowsAtOnce) {
    writer.database.run(
      "UPDATE records SET stale = 1 WHERE id BETWEEN ? AND ? AND organisation = ? AND instr(signers, ?) > 0",
      from,
      from + rowsAtOnce - 1,
      own,
      blob(signer),
    );
    yield;
  }
  for (const { id } of writer.database.all("SELECT id FROM records WHERE stale = 1"))
    writer.touched.add(Number(id));
}

/** The largest time that is stored; a claim with a later one is not read. */
function clamp(seconds: number): number {
  return Math.min(seconds, Number.MAX_SAFE_INTEGER);
}
