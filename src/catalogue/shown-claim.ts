import type { Database } from "./database.ts";
import { toBlob } from "./index-writer.ts";

/**
 * Marks a record's claims as changed, and of a claim that stands in several records shows the one that a verdict would rest on: a good one,
 * else a revoked one, else one that is untrusted, else the newest.
 * @param change number of the change
 */
export function updateShownClaim(database: Database, record: number, change: number): void {
  database.run("UPDATE claims SET changed = ? WHERE record = ? AND changed <> ?", change, record, change);
  const { readable, shared } =
    database.get("SELECT readable, shared FROM records WHERE id = ?", record) ?? {};
  if (readable !== 1) database.run("UPDATE claims SET shown = 0 WHERE record = ?", record);
  if (shared !== 1) return;
  for (const claim of database.all("SELECT hash, prefix FROM claims WHERE record = ?", record)) {
    const rows = database.all(
      `SELECT c.id, CASE
          WHEN c.revoked THEN 1
          WHEN r.approvals = 0 THEN 2
          WHEN r.threshold = 0 OR r.approvals < r.threshold THEN 3
          ELSE 0 END AS rank
        FROM claims c JOIN records r ON r.id = c.record
        WHERE c.prefix = ? AND c.hash = ? AND r.readable = 1 ORDER BY rank, c.id DESC`,
      Number(claim["prefix"]),
      toBlob(claim["hash"]),
    );
    rows.forEach((row, at) => {
      database.run(
        "UPDATE claims SET shown = ?, changed = ? WHERE id = ?",
        at === 0 ? 1 : 0,
        change,
        Number(row["id"]),
      );
    });
  }
}
