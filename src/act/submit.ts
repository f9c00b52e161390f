import type { Connection } from "../chain/network.ts";
import { placeOf, type RecordedClaim, readClaims } from "../chain/registry/claims.ts";
import { type BlockReference, readBlock } from "../chain/registry/contract.ts";
import { type Organisation, readOrganisation, readOwner } from "../chain/registry/organisations.ts";
import { sendToRegistry } from "../chain/registry/transaction.ts";
import { encodeAnnotations } from "../claim/annotations.ts";
import { claimId, toClaimStruct } from "../claim/claim.ts";
import { DaoChainError } from "../errors.ts";
import type { ImageFacts } from "../image/image.ts";
import type { SignedClaim } from "../signature/signed-claim.ts";
import type { Signer } from "../signature/signer.ts";
import { aboutImage } from "../verdict/decide.ts";
import { toIso, type Verdict } from "../verdict/verdict.ts";

/**
 * Records a signed claim on the chain. Anyone may: the signatures count, not the sender.
 * @param sender sends the transaction
 * @param facts the image that was signed, where it is at hand
 * @returns what was recorded, with status `signed`, or `pending` while the organisation asks for more signatures
 * @throws CHAIN_NOT_PINNED where it was signed for another registry; RULE_VIOLATED, CHAIN_FAILED, CHAIN_UNREACHABLE, NO_SPACE
 */
export async function submitClaim(
  connection: Connection,
  sender: Signer,
  signed: SignedClaim,
  facts?: ImageFacts,
): Promise<Verdict<"signed" | "pending">> {
  const { claim, place, approvals } = signed;
  const here = placeOf(connection);
  if (place.chainId !== here.chainId || place.registry.toLowerCase() !== here.registry.toLowerCase()) {
    throw new DaoChainError(
      "CHAIN_NOT_PINNED",
      `The claim was signed for the registry ${place.registry} on chain ${place.chainId}, not for this one.`,
      { hint: "Submit it where it belongs, or sign it again for this network." },
    );
  }
  const id = claimId(claim, here);
  const annotations = encodeAnnotations(signed.annotations);
  await sendToRegistry(connection, sender, "submitClaim", [toClaimStruct(claim), approvals, annotations]);
  return reportRecorded(connection, claim.organisation, { id, record: id }, facts);
}

/**
 * What the chain has of a claim now, in the shape of a verdict.
 * @throws CHAIN_FAILED where it does not have it; CHAIN_UNREACHABLE
 */
export async function reportRecorded(
  connection: Connection,
  organisationId: `0x${string}`,
  key: { readonly id: `0x${string}`; readonly record: `0x${string}` },
  facts?: ImageFacts,
): Promise<Verdict<"signed" | "pending">> {
  const block = await readBlock(connection.rpc);
  const organisation = await readOrganisation(connection, organisationId, block);
  const query = { organisation: organisationId, keys: [key], digests: [], repository: "", tag: "" };
  const recorded = (await readClaims(connection, query, block)).claims[0];
  if (recorded === undefined || organisation === undefined) {
    throw new DaoChainError("CHAIN_FAILED", `The chain does not show the claim ${key.id}.`);
  }
  const { claim } = recorded;
  const counted = recorded.threshold !== 0;
  const name = claim.tag === "" ? claim.repository : `${claim.repository}:${claim.tag}`;
  const { chainId, registry } = connection.profile;
  return {
    ...aboutImage(facts?.image ?? name, facts, block.time),
    status: counted ? "signed" : "pending",
    organisation: organisation.name,
    repository: claim.repository,
    tag: claim.tag === "" ? null : claim.tag,
    subjects: claim.subjects,
    matched: claim.subjects[0]?.kind ?? null,
    claim: {
      id: key.id,
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
    warnings: await warningsOf(connection, organisation, recorded, block),
    chain: { id: chainId, registry, block: block.number },
  };
}

async function warningsOf(
  connection: Connection,
  organisation: Organisation,
  recorded: RecordedClaim,
  block: BlockReference,
): Promise<string[]> {
  const { repository, tag } = recorded.claim;
  const owner = await readOwner(connection, repository, block);
  const query = { organisation: organisation.id, keys: [], digests: [], repository, tag };
  const { head } = await readClaims(connection, query, block);
  const isOvertaken = recorded.threshold !== 0 && tag !== "" && head?.id !== recorded.id;
  return [
    ...(owner === organisation.id
      ? []
      : [
          `${organisation.name} does not own ${repository} in the registry: verifiers take its claim as another's acceptance`,
        ]),
    ...(isOvertaken
      ? [`${repository}:${tag} was signed for another image later or at the same time, and is that image now`]
      : []),
  ];
}
