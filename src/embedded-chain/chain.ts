import { failure } from "../errors.ts";
import { makePrivateDirectory } from "../files.ts";
import { BlockProducer, checkBlock } from "./block-producer.ts";
import {
  type ChainConfiguration,
  chainFiles,
  defaultChainId,
  newConfiguration,
  type PinnedConfiguration,
  readConfiguration,
  writeConfiguration,
} from "./configuration.ts";
import { CrashMarker } from "./crash-marker.ts";
import type { Block, Engine, OpenEngine } from "./engine.ts";
import { createJournal, Journal } from "./journal.ts";
import { LogIndex } from "./logs.ts";

export interface ReplayProgress {
  /** blocks executed again */
  readonly done: number;
  readonly total: number;
}

/** A chain that is ready to be asked and written to. */
export interface OpenChain {
  readonly configuration: PinnedConfiguration;
  readonly engine: Engine;
  readonly journal: Journal;
  readonly logs: LogIndex;
  readonly writer: BlockProducer;
  /** whether the last record, which was never acknowledged, was set aside at this start, since the engine dies of it */
  readonly isDeadly: boolean;
  /** how long executing the journal took, in milliseconds */
  readonly replayMilliseconds: number;
}

/**
 * Opens the chain in a directory, or makes one there: checks the journal and executes it again, block by block, each of
 * which must come out with the hash that the next one names as its parent. The caller holds the directory's lock.
 *
 * @param options.chainId for a new chain; an existing one must have it
 * @param options.onFatal told once when the chain cannot go on writing
 * @throws CHAIN_ID_DIFFERS, CHAIN_ID_INVALID, CHAIN_FILE_INVALID, GENESIS_DIFFERS, JOURNAL_WITHOUT_CHAIN, JOURNAL_NOT_REPEATABLE, NO_SPACE, and
 *   as `Journal.open`
 */
export async function openChain(options: {
  directory: string;
  chainId: number | undefined;
  openEngine: OpenEngine;
  onProgress: (progress: ReplayProgress) => void;
  onFatal: (error: unknown) => void;
}): Promise<OpenChain> {
  const { configuration, engine, genesis } = await openConfiguration(options);
  const files = chainFiles(options.directory);
  const journal = await Journal.open(files.journal, configuration);
  const marker = new CrashMarker(files.made);
  try {
    const isDeadly = marker.isDeadly(journal.records);
    if (isDeadly) await journal.setLastAside();
    const logs = new LogIndex(engine, genesis);
    const begin = performance.now();
    const head = await replay(engine, journal, marker, genesis, logs, options.onProgress);
    await engine.synchroniseClock();
    const writer = new BlockProducer({
      engine,
      journal,
      blockGasLimit: configuration.blockGasLimit,
      head,
      onBlock: (block) => {
        marker.cameOut(block.number);
        logs.add(block);
      },
      onFatal: options.onFatal,
    });
    const replayMilliseconds = performance.now() - begin;
    return { configuration, engine, journal, logs, writer, isDeadly, replayMilliseconds };
  } catch (error) {
    journal.close();
    throw error;
  }
}

async function openConfiguration(options: {
  directory: string;
  chainId: number | undefined;
  openEngine: OpenEngine;
}): Promise<{ configuration: PinnedConfiguration; engine: Engine; genesis: Block }> {
  const { directory, chainId, openEngine } = options;
  const files = chainFiles(directory);
  const pinned = await readConfiguration(files.configuration);
  if (pinned === undefined)
    return createChain(directory, newConfiguration(chainId ?? defaultChainId), openEngine);
  if (chainId !== undefined && chainId !== pinned.chainId) {
    throw failure("CHAIN_ID_DIFFERS", { directory, found: pinned.chainId, expected: chainId });
  }
  const engine = await openEngine(pinned);
  const genesis = await engine.genesis();
  if (genesis.hash !== pinned.genesisHash) {
    throw failure("GENESIS_DIFFERS", {
      found: genesis.hash,
      path: files.configuration,
      expected: pinned.genesisHash,
    });
  }
  return { configuration: pinned, engine, genesis };
}

/** The journal comes first: a chain.json without one always means that the journal was lost. */
async function createChain(directory: string, configuration: ChainConfiguration, openEngine: OpenEngine) {
  const files = chainFiles(directory);
  await makePrivateDirectory(directory);
  await refuseLostConfiguration(files.journal);
  const engine = await openEngine(configuration);
  const genesis = await engine.genesis();
  const pinned = { ...configuration, genesisHash: genesis.hash };
  await createJournal(files.journal, pinned);
  await writeConfiguration(files.configuration, pinned);
  return { configuration: pinned, engine, genesis };
}

/** @throws JOURNAL_WITHOUT_CHAIN where there are blocks and no chain.json: a new chain would overwrite them */
async function refuseLostConfiguration(file: string): Promise<void> {
  if (await Journal.isEmptyOrMissing(file)) return;
  throw failure("JOURNAL_WITHOUT_CHAIN", { path: file });
}

async function replay(
  engine: Engine,
  journal: Journal,
  marker: CrashMarker,
  genesis: Block,
  logs: LogIndex,
  onProgress: (progress: ReplayProgress) => void,
): Promise<Block> {
  let head = genesis;
  const total = journal.records;
  for (const record of journal.read()) {
    // The last one may be what a process died of.
    if (record.number === total) marker.try(total);
    try {
      const block = await engine.mine(record.timestamp, record.transactions);
      checkBlock(block, record);
      head = block;
    } catch (cause) {
      throw failure("JOURNAL_NOT_REPEATABLE", { number: record.number, total }, { cause });
    }
    logs.add(head);
    onProgress({ done: record.number, total });
  }
  marker.cameOut(head.number);
  return head;
}
