import { TarError } from "../tar/error.ts";

/** Bytes of each revision that kernels take (linux/capability.h, vfs_cap_data and vfs_ns_cap_data). */
const lengths: Readonly<Record<number, number>> = { 2: 20, 3: 24 };

/**
 * The extended attribute security.capability as engines show it in an export: of revision 3 (with the root user of a
 * namespace) they show the 20 bytes of revision 2.
 * @param value bytes, one character each
 * @returns hex, empty where there is none
 * @throws TarError for one that no file can have
 */
export function capabilityOf(value: string | undefined): string {
  if (value === undefined) return "";
  const bytes = Buffer.from(value, "latin1");
  const [flags = 0, second, third, revision = 0] = bytes;
  // The lowest bit says whether they are in effect at once.
  if (flags > 1 || second !== 0 || third !== 0 || bytes.length !== lengths[revision])
    throw new TarError("it has a file with capabilities that none can have");
  bytes[3] = 2;
  return bytes.toString("hex", 0, 20);
}
