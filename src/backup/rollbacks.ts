import { failure } from "../errors.ts";
import { writeFileAtomic } from "../files.ts";
import { type Home, readJsonFile } from "../home.ts";

/** Which chain, and how much of it. */
export interface ChainExtent {
  readonly chainId: number;
  /** `0x` and 64 hex digits */
  readonly genesisHash: string;
  readonly blocks: number;
}

/** A home's chain was replaced by one that lacks blocks which others may have seen. */
export interface Rollback {
  /** ISO 8601 */
  readonly at: string;
  /** what was here; null where it could not be read */
  readonly from: ChainExtent | null;
  /** what was restored; null where the backup has no chain */
  readonly to: ChainExtent | null;
  /** the last block that both have; 0 for none */
  readonly common: number;
  /** where the replaced home was moved to */
  readonly kept: string;
}

const format = "daochain-rollbacks/1";
/** That many are shown; each was asked for by name. */
const maxRollbacks = 1000;

/** A home's rollbacks, the oldest first. @throws ROLLBACKS_INVALID, FILE_UNWRITABLE */
export async function readRollbacks(home: Home): Promise<Rollback[]> {
  const fields = await readJsonFile(home.rollbacks);
  if (fields === undefined) return [];
  const { format: found, rollbacks } = fields;
  const isList = Array.isArray(rollbacks) && rollbacks.length <= maxRollbacks;
  if (found !== format || !isList || !rollbacks.every(isRollback))
    throw failure("ROLLBACKS_INVALID", { file: home.rollbacks });
  return rollbacks;
}

/** @throws NO_SPACE, FILE_UNWRITABLE */
export async function writeRollbacks(home: Home, rollbacks: readonly Rollback[]): Promise<void> {
  const value = { format, rollbacks: rollbacks.slice(-maxRollbacks) };
  await writeFileAtomic(home.rollbacks, `${JSON.stringify(value, null, 2)}\n`);
}

function isRollback(value: unknown): value is Rollback {
  if (typeof value !== "object" || value === null) return false;
  const { at, from, to, common, kept } = value as Record<string, unknown>;
  return (
    typeof at === "string" &&
    !Number.isNaN(Date.parse(at)) &&
    isExtent(from) &&
    isExtent(to) &&
    isCount(common) &&
    typeof kept === "string"
  );
}

function isExtent(value: unknown): value is ChainExtent | null {
  if (value === null) return true;
  if (typeof value !== "object") return false;
  const { chainId, genesisHash, blocks } = value as Record<string, unknown>;
  return isCount(chainId) && isCount(blocks) && /^0x[0-9a-f]{64}$/.test(String(genesisHash));
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
