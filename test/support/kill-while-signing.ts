import { Wallet } from "ethers";
import { stopEmbeddedChain } from "../../src/embedded-chain/launch.ts";
import { killProcess, rpc, startChain } from "./chain-process.ts";

export interface KillResult {
  readonly kills: number;
  /** transactions whose hash the chain had answered before it was killed */
  readonly acknowledged: number;
  /** those of them that have a receipt after the last start */
  readonly found: number;
  readonly lost: readonly string[];
  /** bytes of unfinished appends that were cut off, over all starts */
  readonly tornBytes: number;
  /** starts that cut something off */
  readonly torn: number;
  readonly blocks: number;
}

/**
 * Starts a chain, lets several wallets send one transaction after the other, kills the process at a random moment, and
 * begins again, as often as asked. In the end every acknowledged transaction is looked for.
 */
export async function killWhileSigning(options: {
  directory: string;
  kills: number;
  signers?: number;
  onKill?: (kills: number, acknowledged: number) => void;
}): Promise<KillResult> {
  const { directory, kills, signers = 4 } = options;
  const acknowledged = new Set<string>();
  const wallets = Array.from({ length: signers }, () => new Wallet(Wallet.createRandom().privateKey));
  let torn = 0;
  let tornBytes = 0;
  for (let kill = 1; kill <= kills; kill++) {
    const chain = await startChain(directory);
    torn += chain.tornBytes > 0 ? 1 : 0;
    tornBytes += chain.tornBytes;
    const signing = wallets.map((wallet) => signUntilKilled(chain.url, wallet, acknowledged));
    await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 300));
    await killProcess(chain.pid);
    await Promise.all(signing);
    options.onKill?.(kill, acknowledged.size);
  }
  const chain = await startChain(directory);
  try {
    const lost: string[] = [];
    for (const hash of acknowledged) {
      const receipt = await rpc(chain.url, "eth_getTransactionReceipt", hash);
      if (receipt === null) lost.push(hash);
    }
    const blocks = Number(await rpc(chain.url, "eth_blockNumber"));
    const found = acknowledged.size - lost.length;
    return { kills, acknowledged: acknowledged.size, found, lost, torn, tornBytes, blocks };
  } finally {
    await stopEmbeddedChain({ directory });
  }
}

async function signUntilKilled(url: string, wallet: Wallet, acknowledged: Set<string>): Promise<void> {
  try {
    let nonce = Number(await rpc(url, "eth_getTransactionCount", wallet.address, "pending"));
    for (;;) {
      const raw = await wallet.signTransaction({
        chainId: 2016,
        type: 0,
        gasPrice: 0,
        gasLimit: 60_000,
        to: wallet.address,
        data: `0x${"5a".repeat(500)}`,
        nonce: nonce++,
      });
      acknowledged.add(String(await rpc(url, "eth_sendRawTransaction", raw)));
    }
  } catch (error) {
    // What a killed process answers: nothing. Anything else is a refusal, and a defect.
    if (!(error instanceof TypeError)) throw error;
  }
}
