import type { Connection } from "../chain/network.ts";
import { placeOf, readClaims } from "../chain/registry/claims.ts";
import { readBlock } from "../chain/registry/contract.ts";
import type { Organisation } from "../chain/registry/organisations.ts";
import { type Annotations, encodeAnnotations, hashAnnotations } from "../claim/annotations.ts";
import type { Bytes32, ClaimPlace, ImageClaim } from "../claim/claim.ts";
import { DaoChainError } from "../errors.ts";
import type { ImageFacts, ImageName, Subject } from "../image/image.ts";
import { type SignedClaim, signClaim } from "../signature/signed-claim.ts";
import type { Signer } from "../signature/signer.ts";
import type { Verdict } from "../verdict/verdict.ts";
import { submitClaim } from "./submit.ts";

/** The contract lets a claim be dated this many seconds ahead of its block. */
const clockTolerance = 60;

export interface SignOptions {
  /** seconds since 1970, 0 for never */
  readonly expiresAt?: number;
  readonly annotations?: Annotations;
}

/**
 * Claims an image for an organisation: signs what was found in it and records it on the chain.
 * @param facts the image, read at depth `content` or deeper
 * @returns what was recorded, with status `signed`, or `pending` while the organisation asks for more signatures
 * @throws IMAGE_CORRUPT, USAGE where the image carries no name, CLAIM_INVALID, RULE_VIOLATED, CHAIN_FAILED, CHAIN_UNREACHABLE, NO_SPACE
 */
export async function signImage(
  connection: Connection,
  signer: Signer,
  organisation: Organisation,
  facts: ImageFacts,
  options: SignOptions = {},
): Promise<Verdict<"signed" | "pending">> {
  const name = nameOf(facts);
  const issuedAt = await nextIssueTime(connection, organisation, name, facts.subjects);
  const signed = await signFacts(placeOf(connection), signer, organisation.id, facts, issuedAt, options);
  return submitClaim(connection, signer, signed, facts);
}

/**
 * Signs an image without a chain, for somebody else to record: what an air-gapped key can do.
 * @param place the registry and chain that the signature is for
 * @param organisation the organisation's id
 * @throws IMAGE_CORRUPT, USAGE where the image carries no name, CLAIM_INVALID
 */
export async function signImageOffline(
  place: ClaimPlace,
  signer: Signer,
  organisation: Bytes32,
  facts: ImageFacts,
  options: SignOptions = {},
): Promise<SignedClaim> {
  nameOf(facts);
  return signFacts(place, signer, organisation, facts, Math.floor(Date.now() / 1000), options);
}

async function signFacts(
  place: ClaimPlace,
  signer: Signer,
  organisation: Bytes32,
  facts: ImageFacts,
  issuedAt: number,
  options: SignOptions,
): Promise<SignedClaim> {
  const { repository, tag } = nameOf(facts);
  const annotations = options.annotations ?? {};
  const claim: ImageClaim = {
    organisation,
    repository,
    tag,
    subjects: facts.subjects,
    issuedAt,
    expiresAt: options.expiresAt ?? 0,
    annotations: hashAnnotations(encodeAnnotations(annotations)),
  };
  return signClaim(signer, claim, annotations, place);
}

/** The name that a sound image is claimed under. @throws IMAGE_CORRUPT, USAGE */
function nameOf({ image, name, corruptions }: ImageFacts): ImageName {
  const corruption = corruptions[0];
  if (corruption !== undefined) {
    throw new DaoChainError("IMAGE_CORRUPT", `${image} is corrupt: ${corruption.at}: ${corruption.detail}.`, {
      hint: "It was not signed. Build or fetch it again.",
    });
  }
  if (name !== undefined) return name;
  throw new DaoChainError("USAGE", `${image} has no name under which it could be claimed.`, {
    hint: "Name it by repository and tag: docker tag IMAGE REPOSITORY:TAG.",
  });
}

/**
 * Now, or the second after the tag's newest claim: a tag moves only forward, and re-signing within a second must move it.
 * What the organisation has revoked is refused here: the registry would record the claim, but it could never be good.
 */
async function nextIssueTime(
  connection: Connection,
  organisation: Organisation,
  { repository, tag }: ImageName,
  subjects: readonly Subject[],
): Promise<number> {
  const block = await readBlock(connection.rpc);
  const digests = subjects.map(({ digest }) => digest);
  const query = { organisation: organisation.id, keys: [], digests, repository, tag };
  const { head, revoked } = await readClaims(connection, query, block);
  const [gone] = revoked;
  if (gone !== undefined) {
    throw new DaoChainError("RULE_VIOLATED", `${organisation.name} has revoked ${gone}, for good.`, {
      hint: "Build the image again; what was revoked is not signed again.",
    });
  }
  const now = Math.floor(Date.now() / 1000);
  const time = Math.max(now, head === undefined ? 0 : head.claim.issuedAt + 1);
  if (time > now + clockTolerance) {
    throw new DaoChainError(
      "CLAIM_INVALID",
      `${repository}:${tag} carries a claim dated ${time - now} s ahead of this clock.`,
      { hint: "Check this machine's clock, or wait and sign again." },
    );
  }
  return time;
}
