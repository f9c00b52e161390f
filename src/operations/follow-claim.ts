import { organisationId } from "../claim/claim.ts";
import { findClaim, readClaims } from "../contract/claims.ts";
import type { Connection } from "../contract/connection.ts";
import { readBlock } from "../contract/contract.ts";
import { say } from "../messages/message.ts";
import type { Verdict } from "../verdict/verdict.ts";
import { reportRecorded } from "./submit.ts";

/**
 * What has become of a claim since it was recorded.
 * @param recorded as `signImage`, `submitClaim` or `approveClaim` returned it, or this function
 * @returns the same about the claim as it is now: `signed` once it counts; `revoked` or `expired` where it never will
 * @throws CHAIN_REFUSED where the chain does not show it any more; CHAIN_UNREACHABLE, CANCELLED
 */
export async function followClaim(
  connection: Connection,
  recorded: Verdict<string>,
): Promise<Verdict<"signed" | "pending" | "revoked" | "expired">> {
  const { image, depth, organisation, claim } = recorded;
  if (organisation === null || claim === null) throw new RangeError("There is no claim to follow.");
  const id = claim.id as `0x${string}`;
  const owner = organisationId(organisation);
  const block = await readBlock(connection.rpc);
  const key = (await findClaim(connection, owner, id, block)) ?? { id, record: id };
  const now = { ...(await reportRecorded(connection, owner, key)), image, depth };
  if (now.status === "signed") return now;
  const query = { organisation: owner, keys: [key], digests: [], repository: "", tag: "" };
  const [state] = (await readClaims(connection, query, block)).claims;
  if (state !== undefined && (state.revokedAt !== 0 || state.revokedDigests.length > 0))
    return { ...now, status: "revoked", reasons: [say("revoked-while-pending", { organisation })] };
  if (state !== undefined && state.claim.expiresAt !== 0 && state.claim.expiresAt <= block.time)
    return { ...now, status: "expired", reasons: [say("expired-while-pending")] };
  return now;
}
