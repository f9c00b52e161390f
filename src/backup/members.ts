/** What a backup holds, and no other names: of each small file at most a megabyte. */
export const memberLimit = 1 << 20;
/** Keystores and passwords in one backup. */
export const maxMembers = 5000;

export const listName = "daochain-backup.json";
export const journalName = "chain/journal";
export const configurationName = "chain/chain.json";
export const format = "daochain-backup/1";

/** An account's name, as the files of its keystore and its password have it. */
const accountName = /^[a-z0-9][a-z0-9._-]{0,62}$/;
const plainNames = ["network.json", "settings.json", "rollbacks.json", configurationName, journalName];

/** One file of a backup. */
export interface Member {
  readonly name: string;
  /** bytes */
  readonly size: number;
  /** 64 hex digits */
  readonly sha256: string;
}

/** The chain of a backup. */
export interface BackupChain {
  readonly chainId: number;
  /** `0x` and 64 hex digits */
  readonly genesisHash: string;
  readonly blocks: number;
  /** of the last block, in seconds since 1970; null without blocks */
  readonly time: number | null;
}

/** What a backup says of itself, in its first file. */
export interface BackupList {
  /** ISO 8601 */
  readonly createdAt: string;
  /** version of daochain that wrote it */
  readonly daochain: string;
  readonly chain: BackupChain | null;
  readonly members: readonly Member[];
}

/** Whether a backup may hold a file of this name. */
export function isMemberName(name: string): boolean {
  if (plainNames.includes(name)) return true;
  const [, directory, file = ""] = /^(accounts|passwords)\/([^/]+)$/.exec(name) ?? [];
  if (directory === "accounts")
    return file.endsWith(".json") && accountName.test(file.slice(0, -".json".length));
  return directory === "passwords" && accountName.test(file);
}

export function encodeList(list: BackupList): string {
  const { createdAt, daochain, chain, members } = list;
  return `${JSON.stringify({ format, createdAt, daochain, chain, files: members }, null, 2)}\n`;
}

/** @returns the list; or what is wrong with it, in a word or two */
export function decodeList(text: string): BackupList | string {
  let value: Record<string, unknown> | null;
  try {
    value = JSON.parse(text);
  } catch {
    return "JSON";
  }
  if (typeof value !== "object" || value === null) return "JSON";
  const { createdAt, daochain, chain, files } = value;
  if (typeof createdAt !== "string" || Number.isNaN(Date.parse(createdAt)) || createdAt.length > 40)
    return "createdAt";
  if (typeof daochain !== "string" || daochain.length > 100) return "daochain";
  if (!isChain(chain)) return "chain";
  if (!Array.isArray(files) || files.length > maxMembers || !files.every(isMember)) return "files";
  const names = files.map(({ name }) => name);
  if (new Set(names).size !== names.length) return "files";
  const hasChain = [journalName, configurationName].map((name) => names.includes(name));
  if (hasChain.some((has) => has !== (chain !== null))) return "chain";
  return { createdAt, daochain, chain, members: files };
}

/** @returns undefined where the text is not a list of any version */
export function formatOf(text: string): string | undefined {
  try {
    const { format: found } = JSON.parse(text) as { format?: unknown };
    return typeof found === "string" && /^daochain-backup\/\d{1,6}$/.test(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

function isMember(value: unknown): value is Member {
  if (typeof value !== "object" || value === null) return false;
  const { name, size, sha256 } = value as Record<string, unknown>;
  return (
    typeof name === "string" &&
    isMemberName(name) &&
    isCount(size) &&
    (name === journalName || size <= memberLimit) &&
    /^[0-9a-f]{64}$/.test(String(sha256))
  );
}

function isChain(value: unknown): value is BackupChain | null {
  if (value === null) return true;
  if (typeof value !== "object") return false;
  const { chainId, genesisHash, blocks, time } = value as Record<string, unknown>;
  return (
    isCount(chainId) &&
    isCount(blocks) &&
    (time === null || isCount(time)) &&
    /^0x[0-9a-f]{64}$/.test(String(genesisHash))
  );
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
