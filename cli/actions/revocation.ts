import type {
  Confirmation,
  Connection,
  Organisation,
  Progress,
  RecordedClaim,
  Revocable,
  Signer,
} from "../../src/internal.ts";
import * as library from "../../src/internal.ts";
import type { Context } from "../context.ts";
import { sanitizeLine } from "../output/sanitize.ts";
import { requireReference } from "./images.ts";

/** What falls: one claim, whose digests may be claimed again, or for good every digest under which an image was claimed. */
export type Revocation =
  | { readonly kind: "claim"; readonly claim: RecordedClaim; readonly before: boolean }
  | ({ readonly kind: "digests" } & Revocable);

/**
 * What would fall if an organisation took its word back.
 * @param target an image's reference, a digest, or a claim's id
 * @throws CLAIM_NOT_FOUND, NOTHING_CLAIMED where it never gave its word; as `openImage`, `inspect`, `readClaim` and `findRevocable`
 */
export async function findRevocation(
  context: Context,
  connection: Connection,
  organisation: Organisation,
  target: string,
  onProgress?: (progress: Progress) => void,
): Promise<Revocation> {
  if (/^0x[0-9a-f]{64}$/i.test(target)) {
    const id = target.toLowerCase() as `0x${string}`;
    const claim = await library.readClaim(connection, organisation, id);
    if (claim !== undefined) return { kind: "claim", claim, before: claim.revokedAt !== 0 };
    throw library.failure("CLAIM_NOT_FOUND", { organisation: organisation.name, claim: id });
  }
  const identity = await identify(context, target, onProgress);
  const found = await library.findRevocable(connection, organisation, identity);
  if (found.digests.length > 0 || found.alreadyRevoked.length > 0) return { kind: "digests", ...found };
  throw library.failure("NOTHING_CLAIMED", { organisation: organisation.name, target });
}

/** The names that are claimed for what falls. */
export function fallingNames(revocation: Revocation): string[] {
  const claims = revocation.kind === "claim" ? [revocation.claim] : revocation.claims;
  return [
    ...new Set(claims.map(({ claim: { repository, tag } }) => `${repository}${tag === "" ? "" : `:${tag}`}`)),
  ];
}

/**
 * Takes the word back, for good.
 * @throws CHAIN_REFUSED, CHAIN_UNREACHABLE, NO_SPACE
 */
export async function carryOut(
  revocation: Revocation,
  connection: Connection,
  sender: Signer,
  organisation: Organisation,
  reason: string,
): Promise<Confirmation> {
  return revocation.kind === "claim"
    ? library.revokeClaim(connection, sender, organisation, revocation.claim, reason)
    : library.revokeDigests(connection, sender, organisation, revocation.digests, reason);
}

/** Whether there is nothing left to take back. */
export function hasFallen(revocation: Revocation): boolean {
  return revocation.kind === "claim" ? revocation.before : revocation.digests.length === 0;
}

/** A digest as such; an image by what lies at hand; an image that cannot be read by what its tag was claimed for. */
async function identify(
  { env, signal, note, words, translator }: Context,
  target: string,
  onProgress: ((progress: Progress) => void) | undefined,
): Promise<Parameters<typeof library.findRevocable>[2]> {
  if (library.isDigest(target)) return { digests: [target] };
  await requireReference(target);
  try {
    const { name, subjects } = await (
      await library.openImage(target, { docker: { environment: env }, registry: { environment: env } })
    ).inspect({ signal, onProgress });
    return { digests: subjects.map(({ digest }) => digest), name };
  } catch (error) {
    if (!library.isDaoChainError(error) || error.outcome !== "inconclusive") throw error;
    const reference = library.parseImageReference(target);
    const named = "named" in reference ? reference.named : undefined;
    if (named === undefined) throw error;
    if (named.digest !== undefined) return { digests: [named.digest] };
    const name = `${named.repository}:${named.tag}`;
    note(sanitizeLine(words.image.revoke.lookedUp(translator.say(error), name)));
    return { digests: [], name: named };
  }
}
