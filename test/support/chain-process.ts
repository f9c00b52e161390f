import { type TransactionLike, Wallet } from "ethers";
import {
  type EmbeddedChainStart,
  startEmbeddedChain,
  stopEmbeddedChain,
} from "../../src/embedded-chain/launch.ts";

/** One raw JSON-RPC request; throws what the chain answered as an error, or a TypeError when it cannot be reached. */
export async function rpc(url: string, method: string, ...params: unknown[]): Promise<unknown> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  const answer = (await response.json()) as { result?: unknown; error?: { message: string } };
  if (answer.error !== undefined) throw Object.assign(new Error(answer.error.message), answer.error);
  return answer.result;
}

/** Starts a chain on a free port; it is stopped at the end of the scope. */
export async function startChain(
  directory: string,
  options: Partial<Parameters<typeof startEmbeddedChain>[0]> = {},
): Promise<EmbeddedChainStart & AsyncDisposable> {
  const chain = await startEmbeddedChain({ port: 0, ...options, directory });
  return {
    ...chain,
    [Symbol.asyncDispose]: async () => {
      await stopEmbeddedChain({ directory });
    },
  };
}

/** Kills a process as a power loss would, and waits until it is gone. */
export async function killProcess(pid: number): Promise<void> {
  process.kill(pid, "SIGKILL");
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A wallet of its own that signs with nonces one after the other. */
export function randomSender(): { sign(fields?: TransactionLike): Promise<string> } {
  const wallet = new Wallet(Wallet.createRandom().privateKey);
  let nonce = 0;
  return {
    sign: (fields = {}) =>
      wallet.signTransaction({
        chainId: 2016,
        type: 0,
        gasPrice: 0,
        gasLimit: 30_000,
        to: wallet.address,
        nonce: nonce++,
        ...fields,
      }),
  };
}
