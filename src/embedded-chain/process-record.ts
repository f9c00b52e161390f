import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { readSmallFile, writeFileAtomic } from "../files.ts";
import { chainFiles } from "./configuration.ts";
import { isObject } from "./rpc-parameters.ts";

/** What the chain's process says of itself in process.json, for whoever starts, asks or stops it. */
export interface ProcessRecord {
  readonly pid: number;
  /** drawn at each start: tells one process from another at the same port */
  readonly instance: string;
  readonly chainId: number;
  /** empty until the chain is open */
  readonly genesisHash: string;
  /** where it answers; absent while it executes the journal */
  readonly url?: string;
  readonly done: number;
  readonly total: number;
  /** bytes of an unfinished append that were cut off at this start */
  readonly tornBytes: number;
}

/** @throws NO_SPACE, FILE_UNWRITABLE */
export async function writeProcessRecord(directory: string, record: ProcessRecord): Promise<void> {
  await writeFileAtomic(chainFiles(directory).process, JSON.stringify(record));
}

/** @returns undefined where there is none, or none that can be understood: a new start replaces it */
export async function readProcessRecord(directory: string): Promise<ProcessRecord | undefined> {
  const text = await readSmallFile(chainFiles(directory).process, 65_536);
  try {
    const value: unknown = JSON.parse(text ?? "null");
    return isProcessRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isProcessRecord(value: unknown): value is ProcessRecord {
  if (!isObject(value)) return false;
  const { pid, instance, chainId, genesisHash, url, done, total, tornBytes } = value;
  return (
    [pid, chainId].every((number) => Number.isSafeInteger(number) && Number(number) > 0) &&
    [done, total, tornBytes].every((number) => Number.isSafeInteger(number) && Number(number) >= 0) &&
    typeof instance === "string" &&
    typeof genesisHash === "string" &&
    (url === undefined || (typeof url === "string" && /^http:\/\/127\.0\.0\.1:\d{1,5}$/.test(url)))
  );
}

/**
 * Whether a process with this id runs and is the chain's of this directory, by its command line: an id that went to another
 * process is recognised, and so is one that ended and is only not yet collected by its parent. Where command lines cannot be
 * had (Windows), every process with this id is taken for it.
 */
export function isChainProcess(pid: number, directory: string): boolean {
  try {
    process.kill(pid, 0);
    if (process.platform === "win32") return true;
    if (process.platform === "linux") {
      const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
      const state = stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3);
      if (state === "Z" || state === "X") return false;
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").includes(directory);
    }
    const { stdout } = spawnSync("ps", ["-ww", "-o", "command=", "-p", `${pid}`], {
      encoding: "utf8",
      timeout: 5_000,
    });
    return stdout.includes(` ${directory} {`);
  } catch {
    return false;
  }
}
