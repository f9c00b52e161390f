import { fromText, prefixOf } from "./database.ts";
import type { Hex } from "./events.ts";
import { blob, type EventOf, Inconsistent, type IndexWriter, rowsAtOnce, toBlob } from "./index-writer.ts";
import { hasDigest } from "./subjects.ts";

/** Whether an organisation has revoked one of the ids, of claims or records, or one of the digests. */
export function isRevoked(
  writer: IndexWriter,
  organisation: number,
  ids: readonly Hex[],
  digests: readonly Hex[],
): boolean {
  const { revoking } = writer.known;
  let hasRevoked = revoking.get(organisation);
  if (hasRevoked === undefined) {
    const any = writer.database.get("SELECT 1 FROM revocations WHERE organisation = ? LIMIT 1", organisation);
    hasRevoked = any !== undefined;
    revoking.set(organisation, hasRevoked);
  }
  if (!hasRevoked) return false;
  const find = (what: string, hash: Hex): boolean =>
    writer.database.get(
      "SELECT 1 FROM revocations WHERE organisation = ? AND what = ? AND hash = ?",
      organisation,
      what,
      blob(hash),
    ) !== undefined;
  return ids.some((id) => find("claim", id)) || digests.some((digest) => find("digest", digest));
}

/**
 * What was revoked falls, pausing where one likes.
 * @param time of its block, in seconds since 1970
 * @throws Inconsistent
 */
export function* revoke(
  writer: IndexWriter,
  { organisation, what, id, reason }: EventOf<"revoked">,
  time: number | undefined,
): Iterable<void> {
  if (time === undefined) throw new Inconsistent("a revocation in a block of which nothing is told");
  const own = writer.organisation(organisation);
  const hash = blob(id);
  writer.changeOne(
    "INSERT INTO revocations (organisation, what, hash, reason, time) VALUES (?, ?, ?, ?, ?)",
    own,
    what,
    hash,
    fromText(reason),
    time,
  );
  writer.known.revoking.set(own, true);
  const finds =
    what === "digest"
      ? [
          `SELECT c.id, c.record, c.subjects FROM subjects s JOIN claims c ON c.id = s.claim JOIN records r ON r.id = c.record
            WHERE s.prefix = ? AND s.claim > ? AND r.organisation = ? ORDER BY s.claim LIMIT ${rowsAtOnce}`,
        ]
      : [
          `SELECT c.id, c.record, c.hash FROM claims c JOIN records r ON r.id = c.record
            WHERE c.prefix = ? AND c.id > ? AND r.organisation = ? ORDER BY c.id LIMIT ${rowsAtOnce}`,
          `SELECT c.id, c.record, r.hash FROM records r JOIN claims c ON c.record = r.id
            WHERE r.prefix = ? AND c.id > ? AND r.organisation = ? ORDER BY c.id LIMIT ${rowsAtOnce}`,
        ];
  for (const find of finds) {
    for (let after = 0, isMore = true; isMore; ) {
      const claims = writer.database.all(find, prefixOf(id), after, own);
      for (const claim of claims) {
        if (what === "digest" ? !hasDigest(claim["subjects"], id) : !hash.equals(toBlob(claim["hash"])))
          continue;
        writer.database.run("UPDATE claims SET revoked = 1 WHERE id = ?", Number(claim["id"]));
        writer.touched.add(Number(claim["record"]));
      }
      after = Number(claims.at(-1)?.["id"] ?? 0);
      isMore = claims.length === rowsAtOnce;
      yield;
    }
  }
}
