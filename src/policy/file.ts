import { failure } from "../errors.ts";
import { readSmallFile } from "../files.ts";
import { parseTrustPolicies } from "./document.ts";
import type { TrustPolicies } from "./trust-policy.ts";

/** @throws POLICY_FILE_MISSING, and as `readSmallFile` */
export async function readPolicyText(path: string): Promise<string> {
  const text = await readSmallFile(path);
  if (text !== undefined) return text;
  throw failure("POLICY_FILE_MISSING", { path });
}

/** The policies of a file. @throws as `readPolicyText` and `parseTrustPolicies` */
export async function readTrustPolicies(path: string): Promise<TrustPolicies> {
  return parseTrustPolicies(Buffer.from(await readPolicyText(path)), path);
}
