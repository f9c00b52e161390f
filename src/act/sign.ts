import type { Connection } from "../chain/network.ts";
import { readClaims } from "../chain/registry/claims.ts";
import { readBlock } from "../chain/registry/contract.ts";
import { type Organisation, readOwner } from "../chain/registry/organisations.ts";
import { sendToRegistry } from "../chain/registry/transaction.ts";
import { type Annotations, encodeAnnotations, hashAnnotations } from "../claim/annotations.ts";
import { claimId, type ImageClaim, toClaimStruct } from "../claim/claim.ts";
import { DaoChainError } from "../errors.ts";
import type { ImageFacts } from "../image/image.ts";
import type { Signer } from "../signature/signer.ts";
import { aboutImage } from "../verdict/decide.ts";
import { toIso, type Verdict } from "../verdict/verdict.ts";

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
  const { name } = facts;
  const corruption = facts.corruptions[0];
  if (corruption !== undefined) {
    throw new DaoChainError(
      "IMAGE_CORRUPT",
      `${facts.image} is corrupt: ${corruption.at}: ${corruption.detail}.`,
      {
        hint: "It was not signed. Build or fetch it again.",
      },
    );
  }
  if (name === undefined) {
    throw new DaoChainError("USAGE", `${facts.image} has no name under which it could be claimed.`, {
      hint: "Name it by repository and tag: docker tag IMAGE REPOSITORY:TAG.",
    });
  }
  const place = { chainId: connection.profile.chainId, registry: connection.profile.registry };
  const annotations = encodeAnnotations(options.annotations ?? {});
  const claim: ImageClaim = {
    organisation: organisation.id,
    repository: name.repository,
    tag: name.tag,
    subjects: facts.subjects,
    issuedAt: await nextIssueTime(connection, organisation, name),
    expiresAt: options.expiresAt ?? 0,
    annotations: hashAnnotations(annotations),
  };
  const id = claimId(claim, place);
  const approval = { signer: signer.address, signature: await signer.signDigest(id) };
  await sendToRegistry(connection, signer, "submit", [toClaimStruct(claim), [approval], annotations]);

  const block = await readBlock(connection.rpc);
  const { repository, tag } = name;
  const query = { organisation: organisation.id, ids: [id], digests: [], repository, tag };
  const { claims, head } = await readClaims(connection, query, block);
  const recorded = claims[0];
  if (recorded === undefined)
    throw new DaoChainError("CHAIN_FAILED", `The chain does not show the claim ${id}.`);
  const counted = recorded.threshold !== 0;
  const owner = await readOwner(connection, repository, block);
  const isOvertaken = counted && tag !== "" && head?.id !== id;
  return {
    ...aboutImage(facts.image, facts, block.time),
    status: counted ? "signed" : "pending",
    organisation: organisation.name,
    matched: facts.subjects[0]?.kind ?? null,
    claim: {
      id,
      signers: recorded.signers,
      threshold: counted ? recorded.threshold : organisation.threshold,
      signedAt: toIso(claim.issuedAt),
      expiresAt: claim.expiresAt === 0 ? null : toIso(claim.expiresAt),
      block: recorded.block,
      transaction: recorded.transaction,
      annotations: recorded.annotations,
    },
    reasons: counted
      ? []
      : [
          `${recorded.validApprovals} of ${organisation.threshold} signatures that ${organisation.name} asks for`,
        ],
    warnings: [
      ...(owner === organisation.id
        ? []
        : [
            `${organisation.name} does not own ${repository} in the registry: verifiers take its claim as another's acceptance`,
          ]),
      ...(isOvertaken
        ? [`${repository}:${tag} was signed for another image at the same time, and is that image now`]
        : []),
    ],
    chain: { id: place.chainId, registry: place.registry, block: block.number },
  };
}

/** Now, or the second after the tag's newest claim: a tag moves only forward, and re-signing within a second must move it. */
async function nextIssueTime(
  connection: Connection,
  organisation: Organisation,
  name: { repository: string; tag: string },
): Promise<number> {
  const block = await readBlock(connection.rpc);
  const query = { organisation: organisation.id, ids: [], digests: [], ...name };
  const { head } = await readClaims(connection, query, block);
  const now = Math.floor(Date.now() / 1000);
  const time = Math.max(now, head === undefined ? 0 : head.claim.issuedAt + 1);
  if (time > now + clockTolerance) {
    throw new DaoChainError(
      "CLAIM_INVALID",
      `${name.repository}:${name.tag} carries a claim dated ${time - now} s ahead of this clock.`,
      {
        hint: "Check this machine's clock, or wait and sign again.",
      },
    );
  }
  return time;
}
