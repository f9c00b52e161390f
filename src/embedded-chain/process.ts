/**
 * The embedded chain's process. Arguments: the chain's directory (absolute), and a JSON object with chainId, port, metrics and attached, each
 * optional. Whoever starts it may listen on an IPC channel for what becomes of it; it does not need anybody to.
 */
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { getHeapStatistics } from "node:v8";
import { DaoChainError, failure } from "../errors.ts";
import { makePrivateDirectory } from "../files.ts";
import { MetricsServer } from "../metrics-server.ts";
import { takeLock } from "../process-lock.ts";
import { type OpenChain, openChain } from "./chain.ts";
import { chainFiles, defaultChainId } from "./configuration.ts";
import { openEdrEngine } from "./edr-engine.ts";
import { boundLog } from "./log-file.ts";
import { formatChainMetrics } from "./metrics.ts";
import { type ProcessRecord, writeProcessRecord } from "./process-record.ts";
import { chainMethods } from "./rpc-methods.ts";
import { openRpcServer, type RpcServer } from "./rpc-server.ts";

/** What the process tells whoever started it. */
export type ProcessMessage =
  | { readonly type: "progress"; readonly done: number; readonly total: number }
  | { readonly type: "ready"; readonly record: ProcessRecord }
  | {
      readonly type: "failed";
      readonly code: string;
      /** those that are sentences in English */
      readonly values: Readonly<Record<string, string | number>>;
    };

const [directory = "", optionsText = "{}"] = process.argv.slice(2);
const options = JSON.parse(optionsText) as {
  chainId?: number;
  port?: number;
  metrics?: string;
  attached?: boolean;
};
const startedAt = new Date().toISOString();
const instance = randomBytes(16).toString("hex");
let chain: OpenChain | undefined;
let rpcServer: RpcServer | undefined;
let metricsServer: MetricsServer | undefined;
let owner = false;
let ending = false;
/** entries since a moment, in milliseconds */
let [logged, loggedSince] = [0, Date.now()];
const maximumLogEntries = 1_000;
const logPeriod = 3_600_000;

process.umask(0o077);
process.on("SIGHUP", () => undefined);
// A log that cannot be written (a disk is full) is no reason to end.
process.stderr.on("error", () => undefined);
process.on("SIGTERM", () => void stop());
process.on("SIGINT", () => void stop());
// Whoever it runs for has ended, in whatever way.
if (options.attached === true) process.on("disconnect", () => void stop());
process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
run().catch(fail);

async function run(): Promise<void> {
  await makePrivateDirectory(directory);
  if (takeLock(chainFiles(directory).lock) === undefined) throw failure("CHAIN_LOCKED", { directory });
  owner = true;
  let record: ProcessRecord = {
    pid: process.pid,
    instance,
    chainId: options.chainId ?? defaultChainId,
    genesisHash: "",
    done: 0,
    total: 0,
    tornBytes: 0,
  };
  await writeProcessRecord(directory, record);

  let told = Number.NEGATIVE_INFINITY;
  let recording = Promise.resolve();
  const opened = await openChain({
    directory,
    chainId: options.chainId,
    openEngine: openEdrEngine,
    onProgress: ({ done, total }) => {
      if (performance.now() - told < 250) return;
      told = performance.now();
      tell({ type: "progress", done, total });
      // For those who wait for a process that somebody else started.
      const starting = { ...record, done, total };
      recording = recording.then(() => writeProcessRecord(directory, starting)).catch(log);
    },
    onFatal: fail,
  });
  chain = opened;
  rpcServer = await openRpcServer({ port: options.port, methods: methodsOf(opened), onDefect: log });
  const { configuration, journal } = opened;
  if (options.metrics !== undefined) metricsServer = await serveMetrics(options.metrics, opened, rpcServer);
  record = {
    ...record,
    chainId: configuration.chainId,
    genesisHash: configuration.genesisHash,
    url: rpcServer.url,
    done: journal.records,
    total: journal.records,
    tornBytes: journal.tornBytes,
  };
  await recording;
  await writeProcessRecord(directory, record);
  log(`serving ${rpcServer.url}, ${journal.records} blocks, ${journal.tornBytes} bytes cut off`);
  if (opened.isDeadly) log(`block ${journal.records + 1}, of which the engine died, was set aside`);
  tell({ type: "ready", record });
  setInterval(() => {
    if (!journal.exists) fail(failure("CHAIN_DELETED", { directory }));
    else boundLog(chainFiles(directory).log, process.stderr.fd);
  }, 5_000).unref();
}

function serveMetrics(
  address: string,
  { writer, journal, replayMilliseconds }: OpenChain,
  server: RpcServer,
) {
  return MetricsServer.listen(address, {
    metrics: () =>
      formatChainMetrics({
        directory,
        head: writer.head,
        journalBytes: journal.bytes,
        replayMilliseconds,
        startedAt: Date.parse(startedAt),
        requests: server.requests,
      }),
    status: { isReady: true },
  });
}

function methodsOf({ configuration, engine, journal, logs, writer, replayMilliseconds }: OpenChain) {
  return chainMethods({
    engine,
    chainId: configuration.chainId,
    logs,
    head: () => writer.head,
    nextNonce: (account) => writer.nextNonce(account),
    submit: (raw) => writer.submit(raw),
    status: () => {
      const { number, hash, timestamp } = writer.head;
      return {
        pid: process.pid,
        instance,
        startedAt,
        chainId: configuration.chainId,
        genesisHash: configuration.genesisHash,
        head: { number, hash, timestamp },
        journal: { bytes: journal.bytes, records: journal.records, tornBytes: journal.tornBytes },
        replayMilliseconds: Math.round(replayMilliseconds),
        memory: {
          rss: process.memoryUsage.rss(),
          available: process.availableMemory(),
          heapUsed: process.memoryUsage().heapUsed,
          heapLimit: getHeapStatistics().heap_size_limit,
        },
      };
    },
  });
}

/** Ends in order: nothing new is taken, what was admitted is written and answered, then the files are left. */
async function stop(): Promise<void> {
  if (ending) return;
  ending = true;
  await chain?.writer.close();
  await Promise.all([rpcServer?.close(), metricsServer?.close()]);
  chain?.journal.close();
  leave();
  process.exit(0);
}

/** Ends at once: whatever was not acknowledged yet never will be. */
function fail(error: unknown): void {
  log(error);
  leave();
  process.exitCode = 1;
  const exit = () => process.exit(1);
  const { code, values } = error instanceof DaoChainError ? error : failure("CHAIN_PROCESS_FAILED");
  const plain = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === "number" ? value : `${value}`,
  ]);
  tell({ type: "failed", code, values: Object.fromEntries(plain) }, exit);
  setTimeout(exit, 1_000).unref();
}

function leave(): void {
  if (owner) rmSync(chainFiles(directory).process, { force: true });
}

function tell(message: ProcessMessage, then?: () => void): void {
  if (process.send === undefined || !process.connected) then?.();
  else process.send(message, () => then?.());
}

/** Whoever makes the chain fail over and over shall not fill the disk with it, nor what else keeps its log. */
function log(entry: unknown): void {
  if (Date.now() - loggedSince > logPeriod) [logged, loggedSince] = [0, Date.now()];
  logged += 1;
  if (logged > maximumLogEntries) return;
  const text = entry instanceof Error ? (entry.stack ?? entry.message) : String(entry);
  const cause =
    entry instanceof Error && entry.cause !== undefined ? `\n  cause: ${String(entry.cause)}` : "";
  process.stderr.write(`${new Date().toISOString()} ${text}${cause}\n`);
}
