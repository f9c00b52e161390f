import { setTimeout as sleep } from "node:timers/promises";
import { failure } from "../errors.ts";
import { JsonRpcFailure, type Rpc } from "../rpc/json-rpc.ts";
import { fromQuantity, toQuantity, toRegistryError } from "./contract.ts";

/** Where an act was recorded. */
export interface Confirmation {
  readonly transaction: string;
  readonly block: number;
}

/** A transaction on its way. */
export interface Sent {
  readonly raw: string;
  readonly hash: string;
  readonly nonce: number;
  /** the same as a call, to learn why the contract refused it */
  readonly call: Readonly<Record<string, string>>;
}

/** How long a transaction may wait for its block, in milliseconds. */
const confirmationTimeout = 120_000;
/** How long its receipt may be missing after its nonce was used, until another transaction is known to have used it. */
const replacedAfter = 2_000;
/** A node that lost what it had accepted is given it again. */
const broadcastInterval = 10_000;

/** Told of a transaction whose nonce was used by another one: it will never be mined. */
export const replaced = Symbol("replaced");

/**
 * Waits until transactions of one account stand in blocks.
 * @returns for each what became of it: its place, `replaced`, or the error with which it ended (a rule's, TRANSACTION_REVERTED, TRANSACTION_LATE)
 * @throws CHAIN_REFUSED, and as `JsonRpc.callAll`
 */
export async function awaitReceipts(
  rpc: Rpc,
  address: string,
  transactions: readonly Sent[],
): Promise<Map<Sent, PromiseSettledResult<Confirmation | typeof replaced>>> {
  const results = new Map<Sent, PromiseSettledResult<Confirmation | typeof replaced>>();
  const start = Date.now();
  let lastBroadcast = start;
  let usedSince = new Map<Sent, number>();
  for (let wait = 5; ; wait = Math.min(wait * 2, 1000)) {
    const open = transactions.filter((one) => !results.has(one));
    const answers = await rpc.callAll(open.map(({ hash }) => ["eth_getTransactionReceipt", hash]));
    const missing: Sent[] = [];
    for (const [i, one] of open.entries()) {
      const receipt = answers[i];
      if (receipt instanceof JsonRpcFailure) throw toRegistryError(rpc, receipt);
      if (typeof receipt === "object" && receipt !== null) results.set(one, await judge(rpc, one, receipt));
      else missing.push(one);
    }
    if (missing.length === 0) return results;
    const now = Date.now();
    const used = await readNonce(rpc, address, "latest");
    usedSince = new Map(
      missing.filter(({ nonce }) => nonce < used).map((one) => [one, usedSince.get(one) ?? now]),
    );
    for (const [one, since] of usedSince) {
      if (now - since >= replacedAfter) results.set(one, { status: "fulfilled", value: replaced });
    }
    if (now - start > confirmationTimeout) {
      for (const one of missing) if (!results.has(one)) results.set(one, tooLate(one));
      return results;
    }
    if (now - lastBroadcast >= broadcastInterval) {
      lastBroadcast = now;
      // What they are refused for, mostly for being known, does not matter: they are looked for in any case.
      await rpc.callAll(missing.map(({ raw }) => ["eth_sendRawTransaction", raw]));
    }
    await sleep(wait);
  }
}

/** The account's next nonce: after what is mined, or after what waits as well. @throws CHAIN_REFUSED, CHAIN_NUMBER_INVALID, and as `JsonRpc.call` */
export async function readNonce(rpc: Rpc, address: string, block: "latest" | "pending"): Promise<number> {
  const answer = await rpc.call("eth_getTransactionCount", address, block).catch((error) => {
    throw toRegistryError(rpc, error);
  });
  return fromQuantity(answer);
}

async function judge(
  rpc: Rpc,
  { hash, call }: Sent,
  receipt: object,
): Promise<PromiseSettledResult<Confirmation>> {
  const { blockNumber, status } = receipt as Record<string, unknown>;
  const block = fromQuantity(blockNumber);
  if (status === "0x1") return { status: "fulfilled", value: { transaction: hash, block } };
  // The receipt does not say which rule refused; the same call a block earlier does.
  try {
    await rpc.call("eth_call", call, toQuantity(block - 1));
  } catch (error) {
    return { status: "rejected", reason: toRegistryError(rpc, error) };
  }
  return { status: "rejected", reason: failure("TRANSACTION_REVERTED", { transaction: hash, block }) };
}

function tooLate({ hash }: Sent): PromiseRejectedResult {
  const seconds = confirmationTimeout / 1000;
  return { status: "rejected", reason: failure("TRANSACTION_LATE", { transaction: hash, seconds }) };
}
