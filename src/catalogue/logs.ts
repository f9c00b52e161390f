import type { Connection } from "../contract/connection.ts";
import { fromQuantity, invalidEvents, toQuantity, toRegistryError } from "../contract/contract.ts";
import { failure } from "../errors.ts";
import { isUnfitAnswer, JsonRpcFailure, type RpcCall } from "../rpc/json-rpc.ts";
import type { TimeSlices } from "../time-slices.ts";
import type { Log } from "./events.ts";

/** Logs that one answer should have: reading it holds the thread. */
const wantedLogs = 300;
/** Blocks in a question at most: more than this many endpoints refuse. */
const maxBlocks = 5000;
/** Logs in one answer at most, whatever it was that was asked. */
const maxLogs = 100_000;

/** A block that was followed to. */
export interface Position {
  readonly block: number;
  readonly hash: string;
  /** seconds since 1970 */
  readonly time: number;
}

/** What the registry logged in some blocks, with the hashes of the last of them and of one that was known before. */
export interface Answer {
  readonly logs: readonly Log[];
  readonly raw: readonly unknown[];
  readonly to: Position;
  /** undefined where it is not there any more */
  readonly known: Position | undefined;
}

/** Reads a chain's logs window by window; how many blocks are asked for goes by how much they hold. */
export class LogReader {
  readonly #connection: Connection;
  readonly #slices: TimeSlices;
  /** Blocks in the next question: few at first, since nobody knows how much is in them. */
  #size = 1;

  constructor(connection: Connection, slices: TimeSlices) {
    this.#connection = connection;
    this.#slices = slices;
  }

  /**
   * The registry's logs from a block on, for as many blocks as one answer should hold.
   * @param head the last block to ask for
   * @param known a block whose hash is asked for as well
   * @throws BLOCK_UNTOLD, RECEIPT_UNTOLD, BLOCK_TOO_LARGE, EVENTS_INVALID, and as `JsonRpc.callAll`
   */
  async read(from: number, head: number, known: number): Promise<Answer> {
    for (;;) {
      const to = Math.min(head, from + this.#size - 1);
      const answer = await this.#ask(from, to, known);
      if (answer === undefined) {
        this.#size = Math.max(1, Math.floor((to - from + 1) / 4));
        continue;
      }
      const found = answer.logs.length;
      if (found < wantedLogs / 2 && to - from + 1 === this.#size)
        this.#size = Math.min(maxBlocks, this.#size * 2);
      else if (found > wantedLogs) this.#size = Math.max(1, Math.floor((this.#size * wantedLogs) / found));
      return answer;
    }
  }

  /** @returns undefined where fewer blocks must be asked for */
  async #ask(from: number, to: number, known: number): Promise<Answer | undefined> {
    const { rpc, profile } = this.#connection;
    const filter = { address: profile.registry, fromBlock: toQuantity(from), toBlock: toQuantity(to) };
    const calls: RpcCall[] = [
      ["eth_getLogs", filter],
      ["eth_getBlockByNumber", toQuantity(to), false],
      ["eth_getBlockByNumber", toQuantity(known), false],
    ];
    const [given, last, before] = await rpc.callAll(calls).catch((error: unknown) => {
      // Too much for one answer.
      if (from < to && isUnfitAnswer(error)) return [new JsonRpcFailure(0, "", undefined)];
      throw error;
    });
    if (given instanceof JsonRpcFailure && from < to) return undefined;
    const end = toPosition(last);
    if (end?.block !== to)
      throw failure("BLOCK_UNTOLD", { endpoint: rpc.label, block: to }, { cause: asCause(last) });
    const raw = given instanceof JsonRpcFailure ? await this.#readBlock(last, given) : given;
    if (!Array.isArray(raw) || raw.length > maxLogs) throw invalidEvents(rpc, asCause(raw));
    return { logs: await this.#check(raw, from, to), raw, to: end, known: toPosition(before) };
  }

  /** The logs of one block that an endpoint finds too many for one answer: transaction by transaction. */
  async #readBlock(block: unknown, refusal: JsonRpcFailure): Promise<unknown[]> {
    const { rpc, profile } = this.#connection;
    const hashes = (block as Record<string, unknown>)["transactions"];
    if (!Array.isArray(hashes)) throw toRegistryError(rpc, refusal);
    const logs: unknown[] = [];
    for (const hash of hashes) {
      const receipt = await rpc.call("eth_getTransactionReceipt", hash).catch((error) => {
        throw toRegistryError(rpc, error);
      });
      const own = (receipt as Record<string, unknown> | null)?.["logs"];
      if (!Array.isArray(own))
        throw failure("RECEIPT_UNTOLD", { endpoint: rpc.label, transaction: toHash(hash) });
      for (const log of own) {
        const address = (log as Record<string, unknown> | null)?.["address"];
        if (String(address).toLowerCase() === profile.registry.toLowerCase()) logs.push(log);
      }
      if (logs.length > maxLogs) throw failure("BLOCK_TOO_LARGE", { endpoint: rpc.label, limit: maxLogs });
    }
    return logs;
  }

  /** Every log must be the registry's, of the blocks asked for, and in their order. */
  async #check(raw: readonly unknown[], from: number, to: number): Promise<Log[]> {
    const registry = this.#connection.profile.registry.toLowerCase();
    let [block, index] = [from, -1];
    const logs: Log[] = [];
    for (const given of raw) {
      const fields = (given ?? {}) as Record<string, unknown>;
      const log = {
        block: fromQuantity(fields["blockNumber"]),
        index: fromQuantity(fields["logIndex"]),
        transaction: toHash(fields["transactionHash"]),
        topics: Array.isArray(fields["topics"]) ? fields["topics"].slice(0, 5).map(toHash) : [],
        data: fields["data"],
      };
      const isNext = log.block > block || (log.block === block && log.index > index);
      const isOwn = String(fields["address"]).toLowerCase() === registry && fields["removed"] !== true;
      if (!isOwn || !isNext || log.block > to || log.topics.includes("") || log.transaction === "")
        throw invalidEvents(this.#connection.rpc);
      ({ block, index } = log);
      logs.push(log);
      if (this.#slices.isOver) await this.#slices.rest();
    }
    return logs;
  }
}

/** The endpoint's refusal, where the answer is one. */
function asCause(answer: unknown): Error | undefined {
  return answer instanceof Error ? answer : undefined;
}

/** @returns undefined where there is no such block @throws CHAIN_NUMBER_INVALID */
export function toPosition(block: unknown): Position | undefined {
  const { number, hash, timestamp } = (block ?? {}) as Record<string, unknown>;
  if (typeof hash !== "string" || !/^0x[0-9a-f]{64}$/i.test(hash)) return undefined;
  return { block: fromQuantity(number), hash: hash.toLowerCase(), time: fromQuantity(timestamp) };
}

/** 32 bytes as lowercase hex without 0x; empty where it is something else. */
function toHash(value: unknown): string {
  return typeof value === "string" && /^0x[0-9a-f]{64}$/i.test(value) ? value.slice(2).toLowerCase() : "";
}
