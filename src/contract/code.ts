import { createHash } from "node:crypto";
import { councilRuntime, registryActsRuntime, registryBytecode, registryRuntime } from "./artifact.ts";

interface PinnedCode {
  readonly length: number;
  readonly blank: readonly { readonly start: number; readonly length: number }[];
  readonly sha256: string;
}

/**
 * Creation code of the registry, before its constructor's arguments.
 *
 * @param acts address of its library (`registryActsBytecode`), which is deployed before it
 */
export function linkRegistry(acts: string): string {
  return registryBytecode.replaceAll(/__\$[0-9a-f]{34}\$__/g, acts.slice(2).toLowerCase());
}

/**
 * Whether deployed code is that of the registry contract this library was built with. What differs by deployment (the EIP-712
 * domain's parts, the address of its library) is left out of the comparison. Equal code says nothing about
 * what a deployment put into storage: which deployment to trust is decided by its pinned address. The code at
 * `registryActsAddress` is part of it: isRegistryActsCode.
 *
 * @param code as eth_getCode answers: `0x` and hex digits
 */
export function isRegistryCode(code: string): boolean {
  return isPinned(code, registryRuntime) && registryActsAddress(code) !== undefined;
}

/**
 * The address of the library whose code a registry runs for what admins and the governor do.
 *
 * @param code of a registry
 * @returns undefined where its places do not name one and the same address
 */
export function registryActsAddress(code: string): string | undefined {
  const found = new Set(
    registryRuntime.links.map((start) => code.slice(2 + 2 * start, 2 + 2 * (start + 20)).toLowerCase()),
  );
  const [address] = found;
  return found.size === 1 && address?.length === 40 ? `0x${address}` : undefined;
}

/**
 * Whether the code at `registryActsAddress` is that of the library this was built with.
 *
 * @param code as eth_getCode answers
 */
export function isRegistryActsCode(code: string): boolean {
  return isPinned(code, registryActsRuntime);
}

/** Whether deployed code is that of our council. */
export function isCouncilCode(code: string): boolean {
  return isPinned(code, councilRuntime);
}

function isPinned(code: string, pinned: PinnedCode): boolean {
  if (code.length !== 2 + 2 * pinned.length || !/^0x[0-9a-fA-F]*$/.test(code)) return false;
  const bytes = Buffer.from(code.slice(2), "hex");
  for (const { start, length } of pinned.blank) bytes.fill(0, start, start + length);
  return createHash("sha256").update(bytes).digest("hex") === pinned.sha256;
}
