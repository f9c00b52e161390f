import { digestFromBytes32, digestKinds } from "../digest/digest.ts";
import type { Subject } from "../image/image.ts";
import { Malformed } from "./abi.ts";
import type { DecodedSubject } from "./events.ts";

/** A claim's subjects as one blob: of each its kind, its digest, and its platform behind one byte of length. */
export function packSubjects(subjects: readonly DecodedSubject[]): Buffer {
  return Buffer.concat(
    subjects.map(({ kind, digest, platform }) => {
      const text = Buffer.from(platform);
      return Buffer.concat([Buffer.of(kind), Buffer.from(digest, "hex"), Buffer.of(text.length), text]);
    }),
  );
}

/** Whether one of the subjects has the digest. @param digest as hex */
export function hasDigest(blob: unknown, digest: string): boolean {
  return unpackSubjects(blob as Uint8Array).some((subject) => subject.digest.endsWith(digest));
}

/** @throws Malformed */
export function unpackSubjects(blob: Uint8Array): Subject[] {
  const bytes = Buffer.from(blob.buffer, blob.byteOffset, blob.length);
  const subjects: Subject[] = [];
  for (let at = 0; at < bytes.length; ) {
    const kind = digestKinds[bytes[at] ?? -1];
    const end = at + 34 + (bytes[at + 33] ?? 0);
    if (kind === undefined || end > bytes.length) throw new Malformed("subjects that cannot be read");
    subjects.push({
      kind,
      digest: digestFromBytes32(`0x${bytes.toString("hex", at + 1, at + 33)}`),
      platform: bytes.toString("utf8", at + 34, end),
    });
    at = end;
  }
  return subjects;
}
