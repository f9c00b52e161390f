import { createHash } from "node:crypto";
import { registryRuntime } from "./artifact.ts";

/**
 * Whether deployed code is that of the registry contract this library was built with. The immutables (the EIP-712
 * domain's parts, which differ by chain and address) are left out of the comparison. Equal code says nothing about
 * what a deployment put into storage: which deployment to trust is decided by its pinned address.
 *
 * @param code as eth_getCode answers: `0x` and hex digits
 */
export function isRegistryCode(code: string): boolean {
  if (code.length !== 2 + 2 * registryRuntime.length || !/^0x[0-9a-fA-F]*$/.test(code)) return false;
  const bytes = Buffer.from(code.slice(2), "hex");
  for (const { start, length } of registryRuntime.immutables) bytes.fill(0, start, start + length);
  return createHash("sha256").update(bytes).digest("hex") === registryRuntime.sha256;
}
