import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, rmSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { cancelled, type DaoChainError, type ErrorCode, failure, isDaoChainError } from "../errors.ts";
import { makePrivateDirectory, systemReason, unwritableFile } from "../files.ts";
import { errors } from "../messages/errors.ts";
import { chainFiles } from "./configuration.ts";
import { boundLog } from "./log-file.ts";
import type { ProcessMessage } from "./process.ts";
import { isChainProcess, type ProcessRecord, readProcessRecord } from "./process-record.ts";
import { askStatus, type EmbeddedChainStatus, toStatus } from "./status.ts";

export type { EmbeddedChainStatus } from "./status.ts";

/** How long a starting process may make no progress, or a running one not answer, in milliseconds. */
const patience = 10_000;
/** How long a process may take to end before it is killed, and then to be gone, in milliseconds. */
const stopPatience = 5_000;

/** A chain that answers. */
export interface EmbeddedChainStart {
  readonly url: string;
  readonly pid: number;
  /** false: it ran already */
  readonly started: boolean;
  readonly chainId: number;
  /** `0x` and 64 hex digits */
  readonly genesisHash: string;
  /** bytes of an append that a crash cut short, moved aside at this start; nothing of it was acknowledged */
  readonly tornBytes: number;
}

export interface StartOptions {
  readonly directory: string;
  readonly chainId?: number | undefined;
  readonly port?: number | undefined;
  /** host and port at which the process serves its metrics, such as 127.0.0.1:9464 */
  readonly metrics?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { done: number; total: number }) => void) | undefined;
}

/**
 * Starts the chain of a directory in the background, or finds it running. It outlives the caller.
 *
 * @param options.directory made where it does not exist; a chain is made in it where there is none
 * @param options.chainId default 2016; an existing chain must have it
 * @param options.port on the loopback interface; default 8545, or any free one where that is taken
 * @param options.metrics is for a process that this call starts: one that runs already stays as it is
 * @param options.onProgress blocks executed again, of how many, while the journal is replayed
 * @throws CHAIN_LOCKED, CHAIN_NOT_ANSWERING when a process holds the chain and does not answer; CHAIN_ID_DIFFERS, CHAIN_START_FAILED,
 *   CHAIN_PROCESS_ENDED, CHAIN_PROCESS_CRASHED, CHAIN_PROCESS_FAILED, CANCELLED, and what kept the process from opening the chain (and then
 *   no process of this call is left)
 */
export async function startEmbeddedChain(options: StartOptions): Promise<EmbeddedChainStart> {
  await makePrivateDirectory(options.directory);
  const directory = await canonicalPath(options.directory);
  let seen = "";
  for (let patient = Date.now() + patience; ; ) {
    checkSignal(options.signal);
    const record = await readProcessRecord(directory);
    const live = record !== undefined && isChainProcess(record.pid, directory);
    if (live && record.url !== undefined && (await askStatus(record)) !== undefined) {
      checkChainId(directory, record, options.chainId);
      return toStart(record, record.url, false);
    }
    if (live) {
      if (record.total > 0) options.onProgress?.({ done: record.done, total: record.total });
    } else {
      const started = await launch(directory, options);
      if (started !== "locked") return started;
    }
    const now = JSON.stringify(record ?? null);
    if (now !== seen) patient = Date.now() + patience;
    seen = now;
    if (Date.now() > patient) throw notAnswering(directory, live ? record.pid : undefined);
    await sleep(100);
  }
}

/**
 * Stops the chain and waits until its process is gone. What was acknowledged is on the disk in any case.
 *
 * @returns false where none was running
 * @throws CHAIN_PROCESS_STUCK, CANCELLED
 */
export async function stopEmbeddedChain(options: {
  readonly directory: string;
  readonly signal?: AbortSignal | undefined;
}): Promise<boolean> {
  const directory = await canonicalPath(options.directory);
  const record = await readProcessRecord(directory);
  if (record === undefined || !isChainProcess(record.pid, directory)) return false;
  const isGone = () => !isChainProcess(record.pid, directory);
  // A chain in order ends within a block's time; one that hangs is as safe to kill as it is to lose power.
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    endProcess(record.pid, signal);
    for (const end = Date.now() + stopPatience; Date.now() < end; await sleep(25)) {
      if (isGone()) {
        if ((await readProcessRecord(directory))?.instance === record.instance) {
          rmSync(chainFiles(directory).process, { force: true });
        }
        return true;
      }
      checkSignal(options.signal);
    }
  }
  throw failure("CHAIN_PROCESS_STUCK", { pid: record.pid });
}

/**
 * Asks a chain how it is. Takes two seconds at most, whatever the process does.
 * @returns undefined where none is running
 */
export async function readEmbeddedChain(options: {
  readonly directory: string;
}): Promise<EmbeddedChainStatus | undefined> {
  const directory = await canonicalPath(options.directory);
  const record = await readProcessRecord(directory);
  if (record === undefined || !isChainProcess(record.pid, directory)) return undefined;
  return toStatus(record, record.url === undefined ? undefined : await askStatus(record));
}

/** Where a chain answers if its process is in order, without asking it. @returns undefined where none runs, or not yet */
export async function findEmbeddedChain(options: {
  readonly directory: string;
}): Promise<string | undefined> {
  const directory = await canonicalPath(options.directory);
  const record = await readProcessRecord(directory);
  return record !== undefined && isChainProcess(record.pid, directory) ? record.url : undefined;
}

/** One name for the directory, however it is reached: the process is recognised by it. */
export async function canonicalPath(directory: string): Promise<string> {
  return realpath(directory).catch(() => resolve(directory));
}

/** Starts a process and waits for what becomes of it. */
async function launch(directory: string, options: StartOptions): Promise<EmbeddedChainStart | "locked"> {
  const { chainId, port, metrics } = options;
  const child = spawnProcess(directory, { chainId, port, metrics });
  try {
    const record = await outcome(child, options);
    child.disconnect();
    child.unref();
    return toStart(record, record.url ?? "", true);
  } catch (error) {
    await end(child);
    if (isDaoChainError(error, "CHAIN_LOCKED")) return "locked";
    throw error;
  }
}

/** @param options.attached it ends when this process does, and says what it has to say on this process's stderr */
export function spawnProcess(
  directory: string,
  options: Pick<StartOptions, "chainId" | "port" | "metrics"> & { readonly attached?: boolean },
): ChildProcess {
  const log = options.attached === true ? 2 : openLog(chainFiles(directory).log);
  // Node 22 says of SQLite, which the lock is made with, that it is experimental.
  const flags = ["--disable-warning=ExperimentalWarning"];
  // The environment may hold passwords and keys, which are none of the chain's business.
  const names = ["PATH", "HOME", "TMPDIR", "TZ", "LANG", "LD_LIBRARY_PATH", "SYSTEMROOT", "TEMP"];
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => names.includes(name.toUpperCase())),
  );
  try {
    return spawn(process.execPath, [...flags, entryPoint(), directory, JSON.stringify(options)], {
      cwd: directory,
      env,
      detached: true,
      windowsHide: true,
      stdio: ["ignore", log, log, "ipc"],
    });
  } finally {
    if (log !== 2) closeSync(log);
  }
}

/** Beside this file in the sources; among the bundles in a build. */
function entryPoint(): string {
  const candidates = import.meta.url.endsWith(".ts")
    ? ["./process.ts"]
    : ["./chain-process.js", "../chain-process.js", "../../chain-process.js"];
  const found = candidates
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw failure("CHAIN_PROGRAM_MISSING");
}

function openLog(file: string): number {
  try {
    const log = openSync(file, "a", 0o600);
    boundLog(file, log);
    return log;
  } catch (error) {
    throw unwritableFile(file, error);
  }
}

export function outcome(child: ChildProcess, { signal, onProgress }: StartOptions): Promise<ProcessRecord> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(cancelled());
    signal?.addEventListener("abort", abort, { once: true });
    const settle = (act: () => void) => {
      signal?.removeEventListener("abort", abort);
      act();
    };
    child.on("message", (message: ProcessMessage) => {
      if (message.type === "progress") onProgress?.({ done: message.done, total: message.total });
      else if (message.type === "ready") settle(() => resolve(message.record));
      else settle(() => reject(toError(message)));
    });
    child.once("error", (cause) =>
      settle(() => reject(failure("CHAIN_START_FAILED", { reason: systemReason(cause) }, { cause }))),
    );
    child.once("exit", (code, by) => {
      // What it said last may come after the news of its end.
      const ended = () => settle(() => reject(died(by ?? code)));
      if (child.connected) child.once("disconnect", ended);
      else setImmediate(ended);
    });
  });
}

/** What a process failed of, as it would be here: of the same program, and of its table. */
function toError({ code, values }: Extract<ProcessMessage, { type: "failed" }>): DaoChainError {
  return Object.hasOwn(errors, code)
    ? failure(code as ErrorCode, values as never)
    : failure("CHAIN_PROCESS_FAILED");
}

export function died(of: NodeJS.Signals | number | null): DaoChainError {
  // Of its last block, perhaps: the next start sets that aside if nobody was ever told of it.
  return of === "SIGABRT"
    ? failure("CHAIN_PROCESS_CRASHED", { signal: of })
    : failure("CHAIN_PROCESS_ENDED", { how: String(of) });
}

/** Leaves nothing running of a start that failed. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const kill = setTimeout(() => child.kill("SIGKILL"), stopPatience);
  await gone;
  clearTimeout(kill);
}

function endProcess(pid: number, signal: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended meanwhile; the caller looks.
  }
}

function checkChainId(directory: string, record: ProcessRecord, chainId: number | undefined): void {
  if (chainId === undefined || chainId === record.chainId) return;
  throw failure("CHAIN_ID_DIFFERS", { directory, found: record.chainId, expected: chainId });
}

function toStart(record: ProcessRecord, url: string, started: boolean): EmbeddedChainStart {
  const { pid, chainId, genesisHash, tornBytes } = record;
  return { url, pid, started, chainId, genesisHash, tornBytes };
}

function notAnswering(directory: string, pid: number | undefined): DaoChainError {
  return pid === undefined
    ? failure("CHAIN_LOCKED", { directory })
    : failure("CHAIN_NOT_ANSWERING", { pid, directory });
}

function checkSignal(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw cancelled();
}
