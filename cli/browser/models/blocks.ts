import type { Connection } from "../../../src/internal.ts";
import type { Tools } from "./session.ts";

/** Blocks that are shown. */
const shown = 20;
/** The last second that a date can show (ECMA-262, "Time Values and Time Range"). */
const lastSecond = 8_640_000_000_000;

/** A block as the chain tells it; times are in seconds since 1970. */
export interface Block {
  readonly number: number;
  readonly hash: string;
  readonly parent: string;
  readonly time: number;
  readonly transactions: number;
}

/** @throws HEAD_UNKNOWN, CHAIN_UNREACHABLE, CANCELLED */
export async function readHead({ rpc }: Connection, { failure, isDaoChainError }: Tools): Promise<Block> {
  const failed = (cause?: unknown): Error => failure("HEAD_UNKNOWN", { endpoint: rpc.label }, { cause });
  const answer = await rpc.call("eth_getBlockByNumber", "latest", false).catch((error) => {
    throw isDaoChainError(error) ? error : failed(error);
  });
  const block = toBlock(answer);
  if (block === undefined) throw failed();
  return block;
}

/** The last blocks up to the head, newest first. @param known those of before: only what is newer is asked for */
export async function readBlocks(
  { rpc }: Connection,
  head: Block,
  known: readonly Block[],
): Promise<readonly Block[]> {
  const first = Math.max(0, head.number - shown + 1);
  const last = known[0];
  const kept = last !== undefined && last.number < head.number ? known : [];
  const from = Math.max(first, (kept[0]?.number ?? -1) + 1);
  const numbers = Array.from({ length: Math.max(0, head.number - from) }, (_, i) => from + i);
  const answers = await rpc.callAll(
    numbers.map((number) => ["eth_getBlockByNumber", `0x${number.toString(16)}`, false]),
  );
  const read = answers.map(toBlock).filter((block) => block !== undefined);
  return [head, ...read.reverse(), ...kept].filter(({ number }) => number >= first);
}

/** Whether blocks, newest first, go on from one that was known before. */
export function goesOn(blocks: readonly Block[], from: Block): boolean {
  const next = blocks.find(({ number }) => number === from.number + 1);
  return next?.parent === from.hash;
}

/** @returns undefined where it is no block */
function toBlock(value: unknown): Block | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { number, hash, parentHash, timestamp, transactions } = value as Record<string, unknown>;
  const [at, time] = [toCount(number), toCount(timestamp)];
  if (at === undefined || time === undefined || time > lastSecond || typeof hash !== "string")
    return undefined;
  const count = Array.isArray(transactions) ? transactions.length : 0;
  return { number: at, hash, parent: String(parentHash), time, transactions: count };
}

function toCount(value: unknown): number | undefined {
  const isQuantity = typeof value === "string" && /^0x[0-9a-f]{1,13}$/i.test(value);
  const count = isQuantity ? Number(value) : Number.NaN;
  return Number.isSafeInteger(count) ? count : undefined;
}
