/**
 * The extended attribute security.capability as engines show it in an export: of revision 3 (with the root user of a
 * namespace, linux/capability.h) they show the 20 bytes of revision 2.
 * @param value bytes, one character each
 * @returns hex, empty where there is none
 */
export function capabilityOf(value: string | undefined): string {
  if (value === undefined) return "";
  const bytes = Buffer.from(value, "latin1");
  if (bytes[3] !== 3) return bytes.toString("hex");
  bytes[3] = 2;
  return bytes.toString("hex", 0, 20);
}
