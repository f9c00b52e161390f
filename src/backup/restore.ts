import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, open, readdir, realpath, rename, rm, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { chainFiles, readConfiguration } from "../embedded-chain/configuration.ts";
import { type JournalExtent, measureJournal } from "../embedded-chain/journal.ts";
import { readEmbeddedChain } from "../embedded-chain/launch.ts";
import { failure, isDaoChainError, systemErrorCode } from "../errors.ts";
import { noSpace, unreadableDirectory, unwritableFile } from "../files.ts";
import { type Home, homeAt, readSettings } from "../home.ts";
import { type Message, say } from "../messages/message.ts";
import { readNetworkProfile } from "../network/profile.ts";
import { type Lock, takeLock } from "../process-lock.ts";
import { AccountStore } from "../signature/account-store.ts";
import { readPrefix } from "./backup.ts";
import type { BackupList } from "./members.ts";
import { unpackBackup } from "./read-archive.ts";
import { type ChainExtent, type Rollback, readRollbacks, writeRollbacks } from "./rollbacks.ts";

/** How the directory is called into which a backup is unpacked before it becomes the home. */
export const restorePrefix = ".daochain-restore-";

/** What was restored. */
export interface Restored {
  readonly list: BackupList;
  /** the record of what was taken back; undefined where nothing was */
  readonly rollback: Rollback | undefined;
}

/**
 * Makes a home of a backup. The backup is read and checked whole before anything of the home is touched.
 * @param options.rollback whether a home may be replaced whose chain has blocks that the backup lacks; it is kept beside the new one
 * @throws HOME_NOT_EMPTY, RESTORE_ROLLS_BACK, HOME_IN_USE, BACKUP_NOT_FOUND, BACKUP_INVALID, CHAIN_LOCKED, NO_SPACE, FILE_UNWRITABLE,
 *   CANCELLED
 */
export async function restore(
  home: Home,
  file: string,
  options: { readonly rollback: boolean; readonly signal?: AbortSignal | undefined },
): Promise<Restored> {
  // A home that is a link stays where it leads to.
  const directory = await realpath(home.directory).catch(() => home.directory);
  const present = await entries(directory);
  const isOccupied = present !== undefined && present.length > 0;
  if (isOccupied && (await readEmbeddedChain({ directory: home.chain })) !== undefined)
    throw failure("HOME_IN_USE", { directory });
  // An empty home may be a volume of its own, which cannot be replaced: its entries are moved into it.
  const isInside = present !== undefined && !isOccupied;
  const staged = await makeStage(isInside ? directory : dirname(directory));
  let lock: Lock | undefined;
  try {
    const list = await unpackBackup(file, staged, {
      accept: (found) => requireSpace(staged, found),
      signal: options.signal,
    });
    await checkStaged(file, homeAt(staged), list);
    let rollback: Rollback | undefined;
    if (isOccupied) {
      rollback = await compare(homeAt(directory), homeAt(staged), list);
      if (rollback === undefined) throw failure("HOME_NOT_EMPTY", { directory });
      if (!options.rollback) throw failure("RESTORE_ROLLS_BACK", { directory, what: lossOf(rollback) });
      // From here on no chain starts in it, and none has gone on meanwhile.
      lock = takeLock(chainFiles(home.chain).lock);
      rollback = (await compare(homeAt(directory), homeAt(staged), list)) ?? rollback;
      const before = [...(await readRollbacks(home)), ...(await readRollbacks(homeAt(staged)))];
      const known = new Map([...before, rollback].map((entry) => [JSON.stringify(entry), entry]));
      await writeRollbacks(
        homeAt(staged),
        [...known.values()].sort((a, b) => a.at.localeCompare(b.at)),
      );
    }
    if (options.signal?.aborted === true) throw failure("CANCELLED");
    if (isInside) await moveEntries(staged, directory);
    else await replaceHome(staged, directory, rollback?.kept);
    return { list, rollback };
  } finally {
    lock?.release();
    await rm(staged, { recursive: true, force: true });
  }
}

async function makeStage(parent: string): Promise<string> {
  try {
    await mkdir(parent, { recursive: true, mode: 0o700 });
    return await mkdtemp(join(parent, restorePrefix));
  } catch (cause) {
    throw unwritableFile(parent, cause);
  }
}

/** Before gigabytes are written for nothing. */
async function requireSpace(directory: string, { members }: BackupList): Promise<void> {
  const needed = members.reduce((sum, { size }) => sum + size, 0);
  const { bavail, bsize } = await statfs(directory);
  if (needed > bavail * bsize) throw noSpace(directory, undefined);
}

/** Whether a home of these files would work. @throws BACKUP_INVALID */
async function checkStaged(file: string, staged: Home, { chain }: BackupList): Promise<void> {
  const invalid = (why: Message, cause?: unknown) =>
    failure("BACKUP_INVALID", { file, why }, cause === undefined ? {} : { cause });
  const read = async <T>(name: string, task: () => Promise<T>): Promise<T> => {
    try {
      return await task();
    } catch (error) {
      if (!isDaoChainError(error)) throw error;
      // Its own message names a place that is gone with the attempt.
      throw invalid(say("backup-content", { name, why: error.code }), error);
    }
  };
  await read("settings.json", () => readSettings(staged));
  await read("rollbacks.json", () => readRollbacks(staged));
  await read("accounts", () => new AccountStore(staged.accounts).list());
  const profile = await read("network.json", () => readNetworkProfile(staged));
  if (chain === null) return;
  const { configuration, journal } = chainFiles(staged.chain);
  const pinned = await read("chain/chain.json", () => readConfiguration(configuration));
  const found = await read("chain/journal", async () => measureJournal(journal));
  const isSame = (one: Omit<ChainExtent, "blocks"> | undefined): boolean =>
    one?.chainId === chain.chainId && one.genesisHash === chain.genesisHash;
  if (found.blocks !== chain.blocks || found.rest > 0 || !isSame(found) || !isSame(pinned))
    throw invalid(say("backup-chain"));
  if (profile?.embedded === true && !isSame(profile)) throw invalid(say("backup-profile"));
}

/** What a home would lose if a backup took its place. @returns undefined where that is no block */
async function compare(home: Home, staged: Home, { chain }: BackupList): Promise<Rollback | undefined> {
  const { journal } = chainFiles(home.chain);
  if (!existsSync(journal)) return undefined;
  const at = new Date().toISOString();
  const kept = `${home.directory}.before-${at.replaceAll(/[-:.]/g, "")}`;
  const to = chain && { chainId: chain.chainId, genesisHash: chain.genesisHash, blocks: chain.blocks };
  let own: JournalExtent;
  try {
    own = measureJournal(journal);
  } catch (error) {
    if (!isDaoChainError(error)) throw error;
    return { at, from: null, to, common: 0, kept };
  }
  const from = { chainId: own.chainId, genesisHash: own.genesisHash, blocks: own.blocks };
  if (chain === null || chain.chainId !== own.chainId || chain.genesisHash !== own.genesisHash)
    return own.blocks === 0 ? undefined : { at, from, to, common: 0, kept };
  const common = await commonBlocks(
    journal,
    chainFiles(staged.chain).journal,
    Math.min(own.blocks, chain.blocks),
  );
  return common === own.blocks ? undefined : { at, from, to, common, kept };
}

/** How many blocks two journals of one chain have in common, of so many at most. */
async function commonBlocks(one: string, other: string, most: number): Promise<number> {
  const isEqual = async (blocks: number): Promise<boolean> => {
    const [a, b] = [measureJournal(one, blocks), measureJournal(other, blocks)];
    return a.bytes === b.bytes && (await hashOf(one, a.bytes)) === (await hashOf(other, b.bytes));
  };
  // Once they differ, they differ for good.
  let [low, high] = [0, most];
  while (low < high) {
    const middle = low === 0 && high === most ? most : Math.ceil((low + high) / 2);
    if (await isEqual(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

async function hashOf(file: string, bytes: number): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of readPrefix(file, bytes)) hash.update(piece);
  return hash.digest("hex");
}

function lossOf({ from, to, common }: Rollback): Message {
  if (from === null) return say("rolled-back-unknown");
  if (to?.genesisHash !== from.genesisHash || to.chainId !== from.chainId)
    return say("rolled-back-chain", { count: from.blocks });
  return say("rolled-back-blocks", { count: from.blocks - common });
}

/** Fills an empty home. The profile comes last: without it there is no chain here. */
async function moveEntries(staged: string, directory: string): Promise<void> {
  const names = await readdir(staged);
  const ordered = [
    ...names.filter((name) => name !== "network.json"),
    ...names.filter((name) => name === "network.json"),
  ];
  const moved: string[] = [];
  try {
    for (const name of ordered) {
      await rename(join(staged, name), join(directory, name));
      moved.push(name);
    }
    await syncDirectory(directory);
  } catch (cause) {
    for (const name of moved.reverse())
      await rename(join(directory, name), join(staged, name)).catch(() => {});
    throw unwritableFile(directory, cause);
  }
}

/** Puts the new home in the old one's place, which is kept. */
async function replaceHome(staged: string, directory: string, kept: string | undefined): Promise<void> {
  try {
    if (kept !== undefined) await rename(directory, kept);
    try {
      await rename(staged, directory);
    } catch (error) {
      if (kept !== undefined) await rename(kept, directory);
      throw error;
    }
    await syncDirectory(dirname(directory));
  } catch (cause) {
    throw unwritableFile(directory, cause);
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** @returns undefined where there is no such directory */
async function entries(directory: string): Promise<string[] | undefined> {
  try {
    return await readdir(directory);
  } catch (cause) {
    if (systemErrorCode(cause) === "ENOENT") return undefined;
    throw unreadableDirectory(directory, cause);
  }
}
