/** Texts in tar headers are bytes; here each byte is one character, so that no name is lost that is not UTF-8. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
}

/** A field up to its first NUL. */
export function textField(block: Uint8Array, start: number, length: number): string {
  const end = block.indexOf(0, start);
  return latin1(block, start, end < 0 || end > start + length ? start + length : end);
}

/**
 * A numeric field: octal digits between blanks or NULs (POSIX.1-2017 pax, "ustar Interchange Format"), or GNU's base-256.
 * @returns undefined where it is no whole number from 0 to 2^53 - 1
 */
export function numberField(block: Uint8Array, start: number, length: number): number | undefined {
  const first = block[start] ?? 0;
  if ((first & 0x80) !== 0) return base256(block, start, length);
  let at = start;
  let end = start + length;
  const isBlank = (index: number) => block[index] === 0x20 || block[index] === 0;
  while (at < end && isBlank(at)) at++;
  while (end > at && isBlank(end - 1)) end--;
  let value = 0;
  for (; at < end; at++) {
    const byte = block[at] ?? 0;
    // A NUL ends the text; what stands behind it is not read.
    if (byte === 0) break;
    if (byte < 0x30 || byte > 0x37) return undefined;
    value = value * 8 + (byte - 0x30);
  }
  return Number.isSafeInteger(value) ? value : undefined;
}

function base256(block: Uint8Array, start: number, length: number): number | undefined {
  // The second highest bit is the sign: nothing in an image's files is negative.
  if (((block[start] ?? 0) & 0x40) !== 0) return undefined;
  let value = (block[start] ?? 0) & 0x3f;
  for (let index = 1; index < length; index++) value = value * 256 + (block[start + index] ?? 0);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** A decimal number as PAX records hold it. */
export function decimal(text: string): number | undefined {
  const value = Number(text);
  return /^[0-9]{1,16}$/.test(text) && Number.isSafeInteger(value) ? value : undefined;
}

/** Whether the header's checksum is its own: the sum of its bytes, signed or unsigned, with the field itself as blanks. */
export function hasChecksum(block: Uint8Array): boolean {
  const stated = numberField(block, 148, 8);
  if (stated === undefined) return false;
  let unsigned = 0;
  let high = 0;
  for (let index = 0; index < 512; index++) {
    const byte = index >= 148 && index < 156 ? 0x20 : (block[index] ?? 0);
    unsigned += byte;
    if (byte > 127) high++;
  }
  return stated === unsigned || stated === unsigned - 256 * high;
}
