import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cancelled, isDaoChainError } from "../errors.ts";
import { makePrivateDirectory } from "../files.ts";
import { type Lock, takeLock } from "../process-lock.ts";

/** Milliseconds to wait for one's turn. A nonce that was taken meanwhile is found out anyway, so nobody need wait for ever. */
const longestWait = 120_000;

/** The last of those in this process who wait for each lock's file. */
const queues = new Map<string, Promise<unknown>>();

/**
 * Runs a task while nobody else who shares the directory runs one for the same account: each of them would take the same nonce.
 * It spares them collisions and promises nothing: where no lock can be had, the task runs without.
 * @param directory made where it is missing; undefined: only this process takes turns
 * @throws CANCELLED, and what the task throws
 */
export async function inTurn<T>(
  directory: string | undefined,
  account: { readonly chainId: number; readonly address: string },
  signal: AbortSignal | undefined,
  task: () => Promise<T>,
): Promise<T> {
  const name = `${account.chainId}-${account.address.toLowerCase()}`;
  const file = directory === undefined ? undefined : join(directory, name);
  const key = file ?? name;
  const turn = (queues.get(key) ?? Promise.resolve()).then(async () => {
    const lock = file === undefined ? undefined : await acquire(file, directory ?? "", signal);
    try {
      return await task();
    } finally {
      lock?.release();
    }
  });
  const settled = turn.catch(() => undefined);
  queues.set(key, settled);
  void settled.then(() => queues.get(key) === settled && queues.delete(key));
  return turn;
}

async function acquire(
  file: string,
  directory: string,
  signal: AbortSignal | undefined,
): Promise<Lock | undefined> {
  const deadline = Date.now() + longestWait;
  try {
    await makePrivateDirectory(directory);
    for (let wait = 2; ; wait = Math.min(wait * 1.5, 40)) {
      if (signal?.aborted === true) throw cancelled();
      const lock = takeLock(`${file}.lock`, 0);
      if (lock !== undefined || Date.now() > deadline) return lock;
      await sleep(wait * (0.5 + Math.random()));
    }
  } catch (error) {
    if (isDaoChainError(error) && error.code !== "CANCELLED") return undefined;
    throw error;
  }
}
