import { failure } from "../errors.ts";
import { makePrivateDirectory } from "../files.ts";
import {
  canonicalPath,
  died,
  type EmbeddedChainStart,
  end,
  outcome,
  type StartOptions,
  spawnProcess,
} from "./launch.ts";
import { isChainProcess, readProcessRecord } from "./process-record.ts";

/** A chain that runs for as long as this process does. */
export interface AttachedChain extends EmbeddedChainStart {
  /** There once its process has ended in order. @throws CHAIN_PROCESS_FAILED, CHAIN_PROCESS_CRASHED where it ended otherwise */
  readonly ended: Promise<void>;
  /** Ends it, and waits until it has. */
  stop(): Promise<void>;
}

/**
 * Starts the chain of a directory as a part of this process: for containers and service managers, which keep a process rather than what it
 * leaves behind. What the chain logs goes to stderr.
 * @param options.signal ends it, at any time
 * @throws CHAIN_RUNNING where it runs already; otherwise as `startEmbeddedChain`
 */
export async function startAttachedChain(options: StartOptions): Promise<AttachedChain> {
  await makePrivateDirectory(options.directory);
  const directory = await canonicalPath(options.directory);
  const running = await readProcessRecord(directory);
  if (running !== undefined && isChainProcess(running.pid, directory))
    throw failure("CHAIN_RUNNING", { pid: running.pid });
  const { chainId, port, metrics } = options;
  const child = spawnProcess(directory, { chainId, port, metrics, attached: true });
  const stop = (): Promise<void> => end(child);
  try {
    const { pid, url = "", chainId, genesisHash, tornBytes } = await outcome(child, options);
    const ended = new Promise<void>((resolve, reject) => {
      const settle = (): void => {
        if (child.exitCode === 0) resolve();
        else reject(died(child.signalCode ?? child.exitCode));
      };
      if (child.exitCode !== null || child.signalCode !== null) settle();
      else child.once("exit", settle);
    });
    // Whoever waits for it is told; nobody need wait.
    ended.catch(() => {});
    options.signal?.addEventListener("abort", () => void stop(), { once: true });
    if (options.signal?.aborted === true) await stop();
    return { pid, url, chainId, genesisHash, tornBytes, started: true, ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
