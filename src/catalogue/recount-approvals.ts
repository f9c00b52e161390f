import type { Connection } from "../contract/connection.ts";
import { type BlockReference, callRegistryAll, readable } from "../contract/contract.ts";
import { failure } from "../errors.ts";
import type { Database } from "./database.ts";

/** Records in one reading of the contract: a node bounds the gas that a call may take. */
const recordsAtOnce = 50;
const readingsAtOnce = 10;

/** Records that a void may have touched, by their organisation. */
export interface RecordToRecount {
  readonly id: number;
  readonly hash: string;
  readonly organisation: string;
}

export function findRecordsToRecount(database: Database): RecordToRecount[] {
  const rows = database.all(
    `SELECT r.id, r.hash, o.hash AS organisation FROM records r JOIN organisations o ON o.id = r.organisation
      WHERE r.stale = 1 ORDER BY r.id LIMIT ${recordsAtOnce * readingsAtOnce}`,
  );
  const hex = (value: unknown): string => `0x${Buffer.from(value as Uint8Array).toString("hex")}`;
  return rows.map(({ id, hash, organisation }) => ({
    id: Number(id),
    hash: hex(hash),
    organisation: hex(organisation),
  }));
}

/**
 * How many approvals the contract lets stand, of each record, as of a block.
 * @throws RECORD_UNTOLD, also where the node has dropped that block's state; as `callRegistry`
 */
export async function readApprovals(
  connection: Connection,
  records: readonly RecordToRecount[],
  block: BlockReference,
): Promise<Map<number, number>> {
  const readings: { readonly organisation: string; readonly records: RecordToRecount[] }[] = [];
  for (const [organisation, own] of Map.groupBy(records, (record) => record.organisation)) {
    for (let at = 0; at < own.length; at += recordsAtOnce) {
      readings.push({ organisation, records: own.slice(at, at + recordsAtOnce) });
    }
  }
  const answers = await callRegistryAll(
    connection,
    readings.map(({ organisation, records: some }) => [
      "read",
      [organisation, "", "", [], some.map(({ hash }) => hash), []],
    ]),
    block,
  );
  const approvals = new Map<number, number>();
  readings.forEach(({ records: some }, i) => {
    some.forEach(({ id }, at) => {
      const state = readable(() => answers[i]?.[0].records[at]);
      // A node without the block's state answers with zeros, which would read as "all approvals fell".
      if (state === undefined || Number(state.submittedAt) === 0) {
        throw failure("RECORD_UNTOLD", { endpoint: connection.rpc.label, block: block.number });
      }
      approvals.set(id, Number(state.validApprovals));
    });
  });
  return approvals;
}
