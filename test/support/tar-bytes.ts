/** Writes a header's checksum anew, into the header itself. */
export function putChecksum(header: Buffer): Buffer {
  header.fill(0x20, 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return header;
}

/** An archive with one of its headers changed, whose checksum is right again. */
export function patched(archive: Buffer, at: number, change: (header: Buffer) => void): Buffer {
  const bytes = Buffer.from(archive);
  const header = bytes.subarray(at, at + 512);
  change(header);
  putChecksum(header);
  return bytes;
}
