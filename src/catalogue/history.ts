import type { Connection } from "../contract/connection.ts";
import { eventTopic, readable, toEvent, toQuantity } from "../contract/contract.ts";
import { eventNames as actNames, type HistoryEntry, toHistoryEntry } from "../contract/history.ts";
import { failure } from "../errors.ts";

/** An act, with whose it is. */
export interface CatalogueHistoryEntry extends HistoryEntry {
  /** the organisation's name; null for what the registry's governor did */
  readonly organisation: string | null;
}

let topics: Set<string> | undefined;

/** Whether a log tells of an act of somebody, rather than of what followed from one. */
export function isHistoryEvent(topic: string): boolean {
  topics ??= new Set(actNames.map((name) => eventTopic(name).slice(2)));
  return topics.has(topic);
}

/**
 * Logs as acts, in their order.
 * @param logs as the chain gave them
 * @param nameOf an organisation's name by its id
 * @throws EVENTS_INVALID, and as `readBlockTimes`
 */
export async function readHistoryEntries(
  connection: Connection,
  logs: readonly unknown[],
  nameOf: (organisation: string) => string | undefined,
): Promise<CatalogueHistoryEntry[]> {
  const { rpc, profile } = connection;
  const events = logs.map((log) => toEvent(rpc, profile.registry, log));
  const times = await readBlockTimes(connection, new Set(events.map(({ block }) => block)));
  return events.map((event) => {
    const organisation = readable(() => String(event.args["organisation"]));
    return {
      ...toHistoryEntry(event, times.get(event.block) ?? 0),
      organisation: (organisation && nameOf(organisation)) ?? null,
    };
  });
}

/** When blocks were made, in seconds since 1970. @throws BLOCK_UNTOLD, and as `JsonRpc.callAll` */
export async function readBlockTimes(
  { rpc }: Connection,
  blocks: ReadonlySet<number>,
): Promise<Map<number, number>> {
  const asked = [...blocks];
  const answers = await rpc.callAll(asked.map((block) => ["eth_getBlockByNumber", toQuantity(block), false]));
  return new Map(
    asked.map((block, i) => {
      const time = (answers[i] as Record<string, unknown> | null)?.["timestamp"];
      // No clock will show more than ten digits for some centuries.
      if (typeof time !== "string" || !/^0x[0-9a-f]{1,9}$/i.test(time))
        throw failure("BLOCK_UNTOLD", { endpoint: rpc.label, block });
      return [block, Number(time)];
    }),
  );
}
