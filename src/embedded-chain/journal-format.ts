import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";

/** The journal's bytes, as docs/specs/journal.md fixes them. All integers are unsigned and little-endian. */

/** Which chain a journal is of. */
export interface JournalIdentity {
  readonly chainId: number;
  /** `0x` and 64 hex digits */
  readonly genesisHash: string;
}

/** One block, as it is executed again at each start. */
export interface JournalRecord {
  readonly number: number;
  /** the block before it, `0x` and 64 hex digits */
  readonly parentHash: string;
  /** seconds since 1970 */
  readonly timestamp: number;
  /** signed, serialised (EIP-2718), in the order of execution; 1 to maximumTransactions */
  readonly transactions: readonly Uint8Array[];
}

export const maximumTransactions = 1000;
/** Bytes of one transaction: 128 KiB, as other clients have it. */
export const maximumTransactionBytes = 131_072;
/** Bytes of all transactions of one block. */
export const maximumBlockBytes = 4_194_304;

export const fileHeaderBytes = 84;
export const recordHeaderBytes = 20;
const bodyHeaderBytes = 44;
const checksumBytes = 32;
export const maximumRecordBytes =
  recordHeaderBytes + bodyHeaderBytes + 4 * maximumTransactions + maximumBlockBytes + checksumBytes;

const magic = Buffer.from("DAOCHAIN", "latin1");
const formatVersion = 1;
export const recordMarker = Buffer.from("BLK\n", "latin1");

export function encodeFileHeader(identity: JournalIdentity): Buffer {
  const bytes = Buffer.alloc(fileHeaderBytes);
  magic.copy(bytes, 0);
  bytes.writeUInt32LE(formatVersion, 8);
  bytes.writeBigUInt64LE(BigInt(identity.chainId), 12);
  hashBytes(identity.genesisHash).copy(bytes, 20);
  sha256(bytes.subarray(0, 52)).copy(bytes, 52);
  return bytes;
}

/** @returns undefined for bytes that are not an intact header of this version */
export function decodeFileHeader(bytes: Buffer): JournalIdentity | undefined {
  if (bytes.length < fileHeaderBytes || !bytes.subarray(0, 8).equals(magic)) return undefined;
  if (bytes.readUInt32LE(8) !== formatVersion) return undefined;
  if (!sha256(bytes.subarray(0, 52)).equals(bytes.subarray(52, fileHeaderBytes))) return undefined;
  return {
    chainId: Number(bytes.readBigUInt64LE(12)),
    genesisHash: `0x${bytes.toString("hex", 20, 52)}`,
  };
}

/** The record's bytes. The caller keeps to the limits above. */
export function encodeRecord(record: JournalRecord): Buffer {
  const payload = record.transactions.reduce((sum, transaction) => sum + 4 + transaction.length, 0);
  const total = recordHeaderBytes + bodyHeaderBytes + payload + checksumBytes;
  const bytes = Buffer.alloc(total);
  recordMarker.copy(bytes, 0);
  bytes.writeUInt32LE(total, 4);
  bytes.writeBigUInt64LE(BigInt(record.number), 8);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 16)), 16);
  hashBytes(record.parentHash).copy(bytes, 20);
  bytes.writeBigUInt64LE(BigInt(record.timestamp), 52);
  bytes.writeUInt32LE(record.transactions.length, 60);
  let at = recordHeaderBytes + bodyHeaderBytes;
  for (const transaction of record.transactions) {
    bytes.writeUInt32LE(transaction.length, at);
    bytes.set(transaction, at + 4);
    at += 4 + transaction.length;
  }
  sha256(bytes.subarray(0, at)).copy(bytes, at);
  return bytes;
}

/**
 * Reads a record's first 20 bytes, which have a checksum of their own: so that an append that was cut short can be told
 * from damage.
 *
 * @returns the record's length in bytes, checksum included; undefined for anything but an intact record header
 */
export function decodeRecordHeader(bytes: Buffer): number | undefined {
  if (bytes.length < recordHeaderBytes || !bytes.subarray(0, 4).equals(recordMarker)) return undefined;
  if (crc32(bytes.subarray(0, 16)) !== bytes.readUInt32LE(16)) return undefined;
  const total = bytes.readUInt32LE(4);
  if (total < recordHeaderBytes + bodyHeaderBytes + checksumBytes || total > maximumRecordBytes)
    return undefined;
  return total;
}

/** @returns undefined for anything but exactly one intact record */
export function decodeRecord(bytes: Buffer): JournalRecord | undefined {
  if (decodeRecordHeader(bytes) !== bytes.length) return undefined;
  const end = bytes.length - checksumBytes;
  if (!sha256(bytes.subarray(0, end)).equals(bytes.subarray(end))) return undefined;
  const number = Number(bytes.readBigUInt64LE(8));
  const timestamp = Number(bytes.readBigUInt64LE(52));
  const count = bytes.readUInt32LE(60);
  if (!Number.isSafeInteger(number) || !Number.isSafeInteger(timestamp)) return undefined;
  if (count < 1 || count > maximumTransactions) return undefined;
  const transactions: Buffer[] = [];
  let at = recordHeaderBytes + bodyHeaderBytes;
  for (let index = 0; index < count; index++) {
    if (at + 4 > end) return undefined;
    const length = bytes.readUInt32LE(at);
    if (length < 1 || length > maximumTransactionBytes || at + 4 + length > end) return undefined;
    transactions.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  if (at !== end) return undefined;
  return { number, parentHash: `0x${bytes.toString("hex", 20, 52)}`, timestamp, transactions };
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}

function hashBytes(hash: string): Buffer {
  const bytes = Buffer.from(hash.slice(2), "hex");
  if (bytes.length !== 32) throw new RangeError(`${hash} is not a hash of 32 bytes`);
  return bytes;
}
