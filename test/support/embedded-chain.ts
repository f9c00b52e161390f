import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { id, type TransactionLike, Wallet } from "ethers";
import { type OpenChain, openChain } from "../../src/embedded-chain/chain.ts";
import { openEdrEngine } from "../../src/embedded-chain/edr-engine.ts";
import { answerRpc } from "../../src/embedded-chain/rpc-dispatch.ts";
import { chainMethods, type Method } from "../../src/embedded-chain/rpc-methods.ts";

/** A directory that goes away with the test. */
export async function temporaryDirectory(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), "daochain-test-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** A chain in this process, with everything but the door. */
export interface TestChain extends OpenChain {
  readonly methods: ReadonlyMap<string, Method>;
  /** Errors that nobody foresaw, and failures that end a chain's process. */
  readonly defects: unknown[];
  rpc(method: string, ...parameters: unknown[]): Promise<unknown>;
  close(): Promise<void>;
}

export async function openTestChain(directory: string): Promise<TestChain> {
  const defects: unknown[] = [];
  const chain = await openChain({
    directory,
    chainId: undefined,
    openEngine: openEdrEngine,
    onProgress: () => undefined,
    onFatal: (error) => defects.push(error),
  });
  const { engine, logs, writer } = chain;
  const methods = chainMethods({
    engine,
    chainId: chain.configuration.chainId,
    logs,
    head: () => writer.head,
    nextNonce: (account) => writer.nextNonce(account),
    submit: (raw) => writer.submit(raw),
    status: () => ({}),
  });
  return {
    ...chain,
    methods,
    defects,
    async rpc(method, ...params) {
      const text = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
      const answer = JSON.parse((await answerRpc(text, methods, (error) => defects.push(error))) ?? "null");
      if (answer.error !== undefined) throw Object.assign(new Error(answer.error.message), answer.error);
      return answer.result;
    },
    async close() {
      await writer.close();
      chain.journal.close();
    },
  };
}

/** Signs transactions with nonces one after the other; fees are zero. */
export class TestSender {
  readonly wallet: Wallet;
  nonce: number;

  constructor(name: string, nonce = 0) {
    this.wallet = new Wallet(id(name));
    this.nonce = nonce;
  }

  sign(fields: TransactionLike): Promise<string> {
    const nonce = this.nonce++;
    return this.wallet.signTransaction({
      chainId: 2016,
      type: 0,
      gasPrice: 0,
      gasLimit: 200_000,
      nonce,
      ...fields,
    });
  }
}

/**
 * A contract in EVM assembly. Its input decides: 32 bytes `x` store 1 at slot x; any more are the topics of a log, of
 * which there are up to four by the number of words after the first; without input it reverts with 0xdeadbeef; one byte
 * gives the block's timestamp.
 */
export const probeCode = (() => {
  const blocks: Record<string, string> = {
    // CALLDATASIZE decides between: 0 revert, 1 timestamp, otherwise store and log.
    start: "3615 @revert 57 36 6001 14 @time 57 6001 5f35 55 36 6020 14 @stop 57",
    dispatch: "36 6040 14 @log1 57 36 6060 14 @log2 57 36 6080 14 @log3 57 36 60a0 14 @log4 57 00",
    revert: "5b 63deadbeef 60e0 1b 5f 52 6004 5f fd",
    time: "5b 42 5f 52 6020 5f f3",
    stop: "5b 00",
    log1: "5b 602035 6020 5f a1 00",
    log2: "5b 604035 602035 6020 5f a2 00",
    log3: "5b 606035 604035 602035 6020 5f a3 00",
    log4: "5b 608035 606035 604035 602035 6020 5f a4 00",
  };
  const offsets = new Map<string, number>();
  let size = 0;
  for (const [name, text] of Object.entries(blocks)) {
    offsets.set(name, size);
    size += text.replaceAll(/@\w+/g, "6000").replaceAll(" ", "").length / 2;
  }
  const runtime = Object.values(blocks)
    .join("")
    .replaceAll(/@(\w+)/g, (_, name: string) => `60${(offsets.get(name) ?? 0).toString(16).padStart(2, "0")}`)
    .replaceAll(" ", "");
  const length = (runtime.length / 2).toString(16).padStart(2, "0");
  return `0x60${length}600c60003960${length}6000f3${runtime}`;
})();

/** Input for the probe: words as numbers or hex. */
export function words(...values: (number | string)[]): string {
  return `0x${values.map((value) => BigInt(value).toString(16).padStart(64, "0")).join("")}`;
}
