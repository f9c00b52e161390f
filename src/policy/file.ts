import { DaoChainError } from "../errors.ts";
import { readSmallFile } from "../files.ts";
import { parseTrustPolicies } from "./document.ts";
import type { TrustPolicies } from "./trust-policy.ts";

/** @throws CONFIGURATION_INVALID */
export async function readPolicyText(path: string): Promise<string> {
  const text = await readSmallFile(path);
  if (text !== undefined) return text;
  throw new DaoChainError("CONFIGURATION_INVALID", `There is no policy file ${path}.`, {
    hint: "daochain policy init makes one.",
  });
}

/** The policies of a file. @throws CONFIGURATION_INVALID */
export async function readTrustPolicies(path: string): Promise<TrustPolicies> {
  return parseTrustPolicies(Buffer.from(await readPolicyText(path)), path);
}
