import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeFileHeader,
  decodeRecord,
  decodeRecordHeader,
  encodeFileHeader,
  encodeRecord,
} from "../../../src/embedded-chain/journal-format.ts";

const hash = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => `0x${Buffer.from(bytes).toString("hex")}`);
const records = fc.record({
  number: fc.nat(),
  parentHash: hash,
  timestamp: fc.nat(),
  transactions: fc.array(
    fc.uint8Array({ minLength: 1, maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
    { minLength: 1, maxLength: 5 },
  ),
});

describe("a journal record", () => {
  test("comes back as it was written", () => {
    fc.assert(
      fc.property(records, (record) => {
        expect(decodeRecord(encodeRecord(record))).toEqual(record);
      }),
    );
  });

  test("is not read from anything but its own bytes", () => {
    const changes = fc.tuple(
      records,
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      fc.uint8Array({ maxLength: 3 }),
    );
    fc.assert(
      fc.property(changes, ([record, position, by, tail]) => {
        const bytes = encodeRecord(record);
        const at = position % bytes.length;
        expect(decodeRecord(bytes.subarray(0, at))).toBeUndefined();
        if (tail.length > 0) expect(decodeRecord(Buffer.concat([bytes, tail]))).toBeUndefined();
        bytes.writeUInt8(bytes.readUInt8(at) ^ by, at);
        expect(decodeRecord(bytes)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  test("is not read from arbitrary bytes, and they do no harm", () => {
    const marked = fc
      .uint8Array({ maxLength: 300 })
      .map((bytes) => Buffer.concat([Buffer.from("BLK\n"), bytes]));
    fc.assert(
      fc.property(marked, (bytes) => {
        expect(decodeRecordHeader(bytes)).toBeUndefined();
        expect(decodeRecord(bytes)).toBeUndefined();
        expect(decodeFileHeader(bytes)).toBeUndefined();
      }),
    );
  });
});

describe("a journal's header", () => {
  test("comes back as it was written, and not once it was changed", () => {
    const changes = fc.tuple(fc.nat(), hash, fc.nat(83), fc.integer({ min: 1, max: 255 }));
    fc.assert(
      fc.property(changes, ([chainId, genesisHash, at, by]) => {
        const bytes = encodeFileHeader({ chainId, genesisHash });
        expect(decodeFileHeader(bytes)).toEqual({ chainId, genesisHash });
        bytes.writeUInt8(bytes.readUInt8(at) ^ by, at);
        expect(decodeFileHeader(bytes)).toBeUndefined();
      }),
    );
  });
});
