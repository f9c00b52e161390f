import { Transaction } from "ethers";
import type { TestChain } from "./embedded-chain.ts";
import { serveRpc } from "./http-server.ts";

/** How a node with a pool may disappoint those who send to it. */
export interface PoolHabits {
  /** a later transaction takes the place of an earlier one of the same nonce, as if it paid more */
  replaces?: boolean;
  /** what is refused, and with which words; asked once for each transaction that is offered */
  refuses?: (transaction: Transaction) => string | undefined;
  /** what is accepted and then forgotten */
  forgets?: (transaction: Transaction) => boolean;
  /** whether requests that hold several calls are taken */
  batches?: boolean;
}

/**
 * A node as most chains have them: transactions wait in a pool, in which those behind an unused nonce wait for it, and are mined a
 * moment later. Blocks are made by a real engine.
 * @returns the node's URL, and the raw transactions that were mined
 */
export async function servePool(
  chain: TestChain,
  habits: PoolHabits = {},
): Promise<{ url: string; mined: Transaction[] }> {
  const pool = new Map<string, Transaction>();
  const mined: Transaction[] = [];
  const keyOf = (sender: string | null, nonce: number): string => `${sender} ${nonce}`;
  const nextMined = async (sender: string): Promise<number> =>
    Number(await chain.rpc("eth_getTransactionCount", sender, "latest"));
  const refuse = (message: string) => ({ error: { code: -32000, message } });

  let mining = false;
  const mine = async (): Promise<void> => {
    if (mining) return;
    mining = true;
    for (let before = -1; before !== mined.length; ) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      before = mined.length;
      for (const sender of new Set([...pool.values()].map(({ from }) => from ?? ""))) {
        let nonce = await nextMined(sender);
        for (let next = pool.get(keyOf(sender, nonce)); next; next = pool.get(keyOf(sender, ++nonce))) {
          pool.delete(keyOf(sender, nonce));
          await chain.rpc("eth_sendRawTransaction", next.serialized);
          mined.push(next);
        }
      }
    }
    mining = false;
  };

  const send = async (raw: string): Promise<unknown> => {
    const transaction = Transaction.from(raw);
    const { from, nonce, hash } = transaction;
    const key = keyOf(from, nonce);
    const refusal = habits.refuses?.(transaction);
    if (refusal !== undefined) return refuse(refusal);
    if (nonce < (await nextMined(from ?? ""))) return refuse("nonce too low");
    const before = pool.get(key);
    if (before?.hash === hash) return refuse("already known");
    if (before !== undefined && habits.replaces !== true)
      return refuse("replacement transaction underpriced");
    if (habits.forgets?.(transaction) !== true) pool.set(key, transaction);
    void mine();
    return hash;
  };

  const url = await serveRpc(
    async (method, params) => {
      const [first, second] = params.map(String);
      if (method === "eth_sendRawTransaction") return send(first ?? "");
      if (method === "eth_getTransactionCount" && second === "pending") {
        let nonce = await nextMined(first ?? "");
        while (pool.has(keyOf(first ?? "", nonce))) nonce++;
        return `0x${nonce.toString(16)}`;
      }
      try {
        return await chain.rpc(method, ...params);
      } catch (error) {
        const { code, message, data } = error as { code: number; message: string; data?: string };
        return { error: { code, message, data } };
      }
    },
    { batches: habits.batches ?? true },
  );
  return { url, mined };
}
