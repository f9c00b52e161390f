import { type Message, say } from "../messages/message.ts";
import { JsonRpc } from "../rpc/json-rpc.ts";
import type { ProcessRecord } from "./process-record.ts";
import { isObject } from "./rpc-parameters.ts";

/** How an embedded chain is doing. */
export interface EmbeddedChainStatus {
  readonly pid: number;
  /** undefined while the journal is replayed */
  readonly url: string | undefined;
  /** false: there is a process, but it starts still or hangs; what follows is unknown then */
  readonly responding: boolean;
  readonly chainId: number;
  readonly genesisHash: string;
  /** blocks replayed, of how many */
  readonly replay: { readonly done: number; readonly total: number };
  /** bytes cut off at the last start */
  readonly tornBytes: number;
  readonly startedAt: string | undefined;
  readonly head: { readonly number: number; readonly hash: string; readonly timestamp: number } | undefined;
  readonly journalBytes: number | undefined;
  /** memory of the process in bytes */
  readonly rss: number | undefined;
  /** what will become a trouble */
  readonly warnings: readonly Message[];
}

/** How long a status may take, in milliseconds. */
const statusTimeout = 2_000;
/** Measured at this many one-claim blocks: a start takes half a minute, and the process has 1.5 GB. */
const manyBlocks = 30_000;

/** @returns what the process of this record says of itself; undefined if it does not answer, or is another one */
export async function askStatus(record: ProcessRecord): Promise<Record<string, unknown> | undefined> {
  if (record.url === undefined) return undefined;
  const rpc = new JsonRpc(record.url, AbortSignal.timeout(statusTimeout));
  try {
    const answer = await rpc.call("daochain_status");
    return isObject(answer) && answer["instance"] === record.instance ? answer : undefined;
  } catch {
    return undefined;
  } finally {
    rpc.close();
  }
}

export function toStatus(
  record: ProcessRecord,
  answer: Record<string, unknown> | undefined,
): EmbeddedChainStatus {
  const head = objectAt(answer, "head");
  const journal = objectAt(answer, "journal");
  const memory = objectAt(answer, "memory");
  const number = numberAt(head, "number");
  const timestamp = numberAt(head, "timestamp");
  const startedAt = answer?.["startedAt"];
  return {
    pid: record.pid,
    url: record.url,
    responding: answer !== undefined,
    chainId: record.chainId,
    genesisHash: record.genesisHash,
    replay: { done: record.done, total: record.total },
    tornBytes: record.tornBytes,
    startedAt: typeof startedAt === "string" ? startedAt : undefined,
    head:
      number === undefined || timestamp === undefined
        ? undefined
        : { number, timestamp, hash: String(head?.["hash"]) },
    journalBytes: numberAt(journal, "bytes"),
    rss: numberAt(memory, "rss"),
    warnings: warningsOf(record, answer, number, memory),
  };
}

function warningsOf(
  record: ProcessRecord,
  answer: Record<string, unknown> | undefined,
  blocks: number | undefined,
  memory: Record<string, unknown> | undefined,
): Message[] {
  if (answer === undefined) {
    return record.url === undefined ? [] : [say("chain-not-answering", { pid: record.pid })];
  }
  const warnings: Message[] = [];
  const rss = numberAt(memory, "rss") ?? 0;
  const available = numberAt(memory, "available") ?? Number.POSITIVE_INFINITY;
  const heapUsed = numberAt(memory, "heapUsed") ?? 0;
  const heapLimit = numberAt(memory, "heapLimit") ?? Number.POSITIVE_INFINITY;
  if (rss > 0.6 * (rss + available) || heapUsed > 0.6 * heapLimit) {
    warnings.push(say("chain-uses-memory", { megabytes: megabytes(rss) }));
  }
  if (blocks !== undefined && blocks >= manyBlocks) {
    const seconds = Math.max(1, Math.round((numberAt(answer, "replayMilliseconds") ?? 0) / 1000));
    warnings.push(say("chain-is-long", { blocks, megabytes: megabytes(rss), seconds }));
  }
  return warnings;
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1_048_576);
}

function objectAt(
  value: Record<string, unknown> | undefined,
  key: string,
): Record<string, unknown> | undefined {
  const found = value?.[key];
  return isObject(found) ? found : undefined;
}

function numberAt(value: Record<string, unknown> | undefined, key: string): number | undefined {
  const found = value?.[key];
  return typeof found === "number" && Number.isFinite(found) ? found : undefined;
}
