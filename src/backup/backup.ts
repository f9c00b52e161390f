import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { chainFiles, readConfiguration } from "../embedded-chain/configuration.ts";
import { measureJournal } from "../embedded-chain/journal.ts";
import { readEmbeddedChain } from "../embedded-chain/launch.ts";
import { failure, systemErrorCode } from "../errors.ts";
import { readSmallFile, unreadableDirectory, writeFileAtomic } from "../files.ts";
import { type Home, readSettings } from "../home.ts";
import { readNetworkProfile } from "../network/profile.ts";
import { AccountStore } from "../signature/account-store.ts";
import {
  type BackupChain,
  configurationName,
  encodeList,
  isMemberName,
  journalName,
  listName,
  type Member,
  maxMembers,
  memberLimit,
} from "./members.ts";
import { readRollbacks } from "./rollbacks.ts";

/** What was backed up. */
export interface Backup {
  readonly chain: BackupChain | null;
  readonly accounts: readonly string[];
  /** accounts whose generated passwords are in it: whoever has the backup can act as them */
  readonly passwords: readonly string[];
  /** names in the home that are not in the backup, and cannot be made anew */
  readonly left: readonly string[];
  /** bytes of the file */
  readonly bytes: number;
}

/** What is made anew, or is of a process that runs. */
const remade = /^(?:catalogue\.sqlite|locks$|chain$|accounts$|passwords$)/;

/**
 * Writes a home into one file: chain, accounts, generated passwords, profile and settings. The chain may run: its whole blocks up to the
 * newest acknowledged one are copied. The file is for this user alone, and is whole or not there.
 * @param options.version of this program, for the list in the backup
 * @throws BACKUP_EXISTS, HOME_NOTHING_TO_KEEP, BACKUP_CHAIN_INCOMPLETE, BACKUP_TOO_LARGE, BACKUP_UNSTABLE, JOURNAL_DAMAGED,
 *   ROLLBACKS_INVALID, KEYSTORE_INVALID, NO_SPACE, FILE_UNWRITABLE, CANCELLED
 */
export async function backUp(
  home: Home,
  file: string,
  options: { readonly version: string; readonly signal?: AbortSignal | undefined },
): Promise<Backup> {
  if (existsSync(file)) throw failure("BACKUP_EXISTS", { file });
  await checkHome(home);
  const small = await readMembers(home);
  const chain = await measure(home);
  if (small.length === 0 && chain === undefined)
    throw failure("HOME_NOTHING_TO_KEEP", { directory: home.directory });
  const members = [...small.map(({ member }) => member), ...(chain === undefined ? [] : [chain.member])];
  const list = encodeList({
    createdAt: new Date().toISOString(),
    daochain: options.version,
    chain: chain?.chain ?? null,
    members,
  });
  if (Buffer.byteLength(list) > memberLimit)
    throw failure("BACKUP_TOO_LARGE", { what: listName, size: Buffer.byteLength(list), most: memberLimit });
  const { packTar } = await import("modern-tar/fs");
  const mode = 0o600;
  const mtime = new Date();
  const tar = packTar([
    { type: "content", content: list, target: listName, mode, mtime },
    ...small.map(
      ({ member, content }) => ({ type: "content", content, target: member.name, mode, mtime }) as const,
    ),
    ...(chain === undefined
      ? []
      : [
          {
            type: "stream",
            content: Readable.from(copyJournal(home, chain.member)),
            size: chain.member.size,
            target: journalName,
            mode,
            mtime,
          } as const,
        ]),
  ]);
  let bytes = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const piece of tar as AsyncIterable<Uint8Array>) {
      if (options.signal?.aborted === true) throw failure("CANCELLED");
      bytes += piece.length;
      yield piece;
    }
  }
  try {
    await writeFileAtomic(file, counted(), { exclusive: true });
  } catch (error) {
    if (systemErrorCode(error) === "EEXIST") throw failure("BACKUP_EXISTS", { file });
    throw error;
  } finally {
    tar.destroy();
  }
  const within = (directory: string): string[] =>
    members
      .filter(({ name }) => name.startsWith(`${directory}/`))
      .map(({ name }) => name.slice(directory.length + 1));
  return {
    chain: chain?.chain ?? null,
    accounts: within("accounts").map((name) => name.slice(0, -".json".length)),
    passwords: within("passwords"),
    left: (await entries(home.directory)).filter((name) => !remade.test(name) && !isMemberName(name)),
    bytes,
  };
}

/** A backup that could not be restored helps nobody: what is damaged is said now. */
async function checkHome(home: Home): Promise<void> {
  await readSettings(home);
  await readRollbacks(home);
  await readNetworkProfile(home);
  await new AccountStore(home.accounts).list();
  const { configuration, journal } = chainFiles(home.chain);
  const missing = [configuration, journal].filter((file) => !existsSync(file));
  const [file] = missing;
  if (file !== undefined && missing.length === 1)
    throw failure("BACKUP_CHAIN_INCOMPLETE", { directory: home.chain, file });
  await readConfiguration(configuration);
}

/** The home's small files; chain.json only where there is a journal, and the journal never. */
async function readMembers(home: Home): Promise<{ member: Member; content: Buffer }[]> {
  const names = [
    ...["network.json", "settings.json", "rollbacks.json"],
    ...(existsSync(chainFiles(home.chain).journal) ? [configurationName] : []),
    ...(await entries(home.accounts)).map((name) => `accounts/${name}`),
    ...(await entries(home.passwords)).map((name) => `passwords/${name}`),
  ].filter(isMemberName);
  if (names.length > maxMembers - 1)
    throw failure("BACKUP_TOO_LARGE", { what: home.directory, size: names.length, most: maxMembers - 1 });
  const found: { member: Member; content: Buffer }[] = [];
  for (const name of names) {
    const text = await readSmallFile(join(home.directory, name), memberLimit);
    if (text === undefined) continue;
    const content = Buffer.from(text);
    found.push({ content, member: { name, size: content.length, sha256: hashOf(content) } });
  }
  return found;
}

/** How much of the journal is copied, and what it hashes to. */
async function measure(home: Home): Promise<{ chain: BackupChain; member: Member } | undefined> {
  const { journal } = chainFiles(home.chain);
  if (!existsSync(journal)) return undefined;
  // A record is on the disk before it is executed, and may be taken back until then: the head is what was acknowledged.
  const running = await readEmbeddedChain({ directory: home.chain });
  const { chainId, genesisHash, blocks, bytes, time } = measureJournal(journal, running?.head?.number);
  const hash = createHash("sha256");
  for await (const piece of readPrefix(journal, bytes)) hash.update(piece);
  return {
    chain: { chainId, genesisHash, blocks, time: time ?? null },
    member: { name: journalName, size: bytes, sha256: hash.digest("hex") },
  };
}

/** The journal's bytes again, which must be the same. */
async function* copyJournal(home: Home, { size, sha256 }: Member): AsyncGenerator<Uint8Array> {
  const file = chainFiles(home.chain).journal;
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const piece of readPrefix(file, size)) {
    hash.update(piece);
    bytes += piece.length;
    yield piece;
  }
  if (bytes !== size || hash.digest("hex") !== sha256) throw failure("BACKUP_UNSTABLE", { file });
}

/** The first bytes of a file. */
export async function* readPrefix(file: string, bytes: number): AsyncGenerator<Uint8Array> {
  if (bytes > 0) yield* createReadStream(file, { end: bytes - 1, highWaterMark: 1 << 20 });
}

async function entries(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).sort();
  } catch (cause) {
    if (systemErrorCode(cause) === "ENOENT") return [];
    throw unreadableDirectory(directory, cause);
  }
}

function hashOf(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
