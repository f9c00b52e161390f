import { TarError } from "./error.ts";
import { decimal } from "./numbers.ts";

/** Records of a PAX extended header; keys and values are bytes, one character each. */
export type PaxRecords = ReadonlyMap<string, string>;

/** Both halves of a piece of a sparse file, in bytes. */
export interface Extent {
  readonly offset: number;
  readonly length: number;
}

/**
 * Reads `LENGTH KEY=VALUE\n` records (POSIX.1-2017 pax, "pax Extended Header").
 * GNU's sparse format 0.0 repeats two keys for each extent: they come back as one `GNU.sparse.map`, as format 0.1 has it.
 * @throws TarError
 */
export function parsePax(text: string): PaxRecords {
  const records = new Map<string, string>();
  const extents: string[] = [];
  for (let at = 0; at < text.length; ) {
    const blank = text.indexOf(" ", at);
    const length = blank < 0 ? undefined : decimal(text.slice(at, blank));
    const end = at + (length ?? 0);
    const equals = text.indexOf("=", blank);
    if (length === undefined || end > text.length || equals < 0 || equals >= end || text[end - 1] !== "\n") {
      throw new TarError("it has a broken extended header");
    }
    const key = text.slice(blank + 1, equals);
    const value = text.slice(equals + 1, end - 1);
    const hasNul = /^(?:path|linkpath)$/.test(key) ? value.includes("\0") : key.includes("\0");
    if (key === "" || hasNul) throw new TarError("it has a broken extended header");
    if (key === "GNU.sparse.offset" || key === "GNU.sparse.numbytes") {
      if ((key === "GNU.sparse.offset") !== (extents.length % 2 === 0) || value.includes(","))
        throw new TarError("it has a broken map of a sparse file");
      extents.push(value);
    } else records.set(key, value);
    at = end;
  }
  if (extents.length > 0) records.set("GNU.sparse.map", extents.join(","));
  return records;
}

/** @throws TarError where the numbers are not pairs of offset and length, in order, within the size */
export function toExtents(numbers: readonly (number | undefined)[], size: number): Extent[] {
  const extents: Extent[] = [];
  let last = 0;
  for (let index = 0; index < numbers.length; index += 2) {
    const offset = numbers[index];
    const length = numbers[index + 1];
    if (offset === undefined || length === undefined || offset < last || offset + length > size)
      throw new TarError("it has a broken map of a sparse file");
    extents.push({ offset, length });
    last = offset + length;
  }
  return extents;
}
