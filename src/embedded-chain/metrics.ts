import { statfsSync } from "node:fs";
import { MetricsText } from "../metrics-text.ts";
import type { RpcServer } from "./rpc-server.ts";

/** What a chain's process knows of itself. */
export interface ChainFigures {
  readonly directory: string;
  /** its newest block */
  readonly head: { readonly number: number; readonly timestamp: number };
  readonly journalBytes: number;
  readonly replayMilliseconds: number;
  /** in milliseconds since 1970 */
  readonly startedAt: number;
  readonly requests: RpcServer["requests"];
}

/** The text of a scrape. */
export function formatChainMetrics(figures: ChainFigures): string {
  const { directory, head, journalBytes, replayMilliseconds, startedAt, requests } = figures;
  const { rss, heapUsed } = process.memoryUsage();
  const text = new MetricsText();
  const gauge = (suffix: string, help: string, value: number | undefined): void => {
    text.single(`daochain_chain_${suffix}`, "gauge", help, value);
  };
  gauge("head_block", "Number of the newest block.", head.number);
  gauge("head_time_seconds", "Time of the newest block, in seconds since 1970.", head.timestamp);
  gauge("journal_bytes", "Bytes of the journal.", journalBytes);
  gauge("disk_free_bytes", "Bytes that are free where the journal is.", freeBytes(directory));
  gauge("resident_memory_bytes", "Memory of the process.", rss);
  gauge("heap_used_bytes", "Memory of the process that JavaScript uses.", heapUsed);
  gauge("start_time_seconds", "When the process started, in seconds since 1970.", startedAt / 1000);
  gauge("replay_seconds", "How long it took to execute the journal at the start.", replayMilliseconds / 1000);
  gauge("requests_in_flight", "Requests that are being answered.", requests.inFlight);
  const name = "daochain_chain_requests_total";
  text.family(name, "counter", "Requests, by whether they were answered or refused unread.", [
    `${name}{outcome="answered"} ${requests.answered}`,
    `${name}{outcome="refused"} ${requests.refused}`,
  ]);
  return text.toString();
}

function freeBytes(directory: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}
