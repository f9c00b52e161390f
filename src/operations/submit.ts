import { type Annotations, encodeAnnotations } from "../claim/annotations.ts";
import { batchId } from "../claim/batch.ts";
import { type ClaimPlace, claimId, type ImageClaim, toClaimStruct } from "../claim/claim.ts";
import { type ClaimKey, placeOf, type RecordedClaim, readClaims, readTags } from "../contract/claims.ts";
import { clockSkew } from "../contract/clock.ts";
import type { Connection, NetworkProfile } from "../contract/connection.ts";
import { type BlockReference, readBlock } from "../contract/contract.ts";
import { type Organisation, readOrganisation } from "../contract/organisations.ts";
import { sendAllToRegistry, sendToRegistry } from "../contract/transaction.ts";
import { failure } from "../errors.ts";
import type { ImageFacts } from "../image/image.ts";
import { formatImageName } from "../image/reference.ts";
import { type Message, say } from "../messages/message.ts";
import { settleEach, settleOn, unsettled } from "../settled.ts";
import { type SignedClaim, signBatchApproval } from "../signature/signed-claim.ts";
import type { Signer } from "../signature/signer.ts";
import { aboutImage } from "../verdict/decide.ts";
import { toIso, type Verdict } from "../verdict/verdict.ts";

/**
 * Records a signed claim on the chain. Anyone may: the signatures count, not the sender.
 * @param sender sends the transaction
 * @returns what was recorded, with status `signed`, or `pending` while the organisation asks for more signatures
 * @throws CLAIM_OF_OTHER_NETWORK where it was signed for another registry; as `sendToRegistry` and `reportRecorded`
 */
export async function submitClaim(
  connection: Connection,
  sender: Signer,
  signed: SignedClaim,
): Promise<Verdict<"signed" | "pending">> {
  const [result] = await submitClaims(connection, sender, [{ signed }]);
  return unsettled(result);
}

/**
 * Records many signed claims of one organisation, without one waiting for another.
 * @param claims with the image that was signed, where it is at hand
 * @returns for each claim what was recorded, or the error with which it ended, as of `submitClaim`
 */
export async function submitClaims(
  connection: Connection,
  sender: Signer,
  claims: readonly { readonly signed: SignedClaim; readonly facts?: ImageFacts }[],
): Promise<PromiseSettledResult<Verdict<"signed" | "pending">>[]> {
  const here = placeOf(connection);
  const acts = await settleEach(claims, ({ signed, facts }) => ({ ...toAct(here, signed), facts }));
  const recorded = await settleOn(acts, async (ready) => {
    const sent = await sendAllToRegistry(
      connection,
      sender,
      ready.map(({ act }) => act),
    );
    return ready.map((one, i) => {
      const outcome = sent[i];
      return outcome?.status === "fulfilled"
        ? { status: "fulfilled", value: one }
        : rejection(outcome?.reason);
    });
  });
  return settleOn(recorded, (those) => {
    const organisation = those[0]?.organisation ?? "0x";
    return reportAllRecorded(connection, organisation, those);
  });
}

/**
 * Signs claims of one organisation at once and records them: all of them or none.
 * @param signer signs, and sends the transaction
 * @param entries 1 to 100 claims, with the images that they are about
 * @param annotations of every claim
 * @throws as `sendToRegistry` and `reportRecorded`
 */
export async function submitBatch(
  connection: Connection,
  signer: Signer,
  entries: readonly { readonly claim: ImageClaim; readonly facts: ImageFacts }[],
  annotations: Annotations,
): Promise<PromiseSettledResult<Verdict<"signed" | "pending">>[]> {
  const place = placeOf(connection);
  const claims = entries.map(({ claim }) => claim);
  const approval = await signBatchApproval(signer, claims, place);
  const texts = claims.map(() => encodeAnnotations(annotations));
  await sendToRegistry(connection, signer, "submitBatch", [claims.map(toClaimStruct), [approval], texts]);
  const record = batchId(claims, place);
  const recorded = entries.map(({ claim, facts }) => ({ id: claimId(claim, place), record, facts }));
  return reportAllRecorded(connection, claims[0]?.organisation ?? "0x", recorded);
}

/** @throws CLAIM_OF_OTHER_NETWORK */
function toAct(here: ClaimPlace, { claim, place, approvals, annotations }: SignedClaim) {
  if (place.chainId !== here.chainId || place.registry.toLowerCase() !== here.registry.toLowerCase()) {
    throw failure("CLAIM_OF_OTHER_NETWORK", { registry: place.registry, chainId: place.chainId });
  }
  const args = [toClaimStruct(claim), approvals, encodeAnnotations(annotations)];
  const id = claimId(claim, here);
  return { id, record: id, organisation: claim.organisation, act: ["submitClaim", args] as const };
}

/**
 * What the chain has of a claim now, in the shape of a verdict.
 * @throws CLAIM_NOT_SHOWN where it does not have it; as `readClaims`
 */
export async function reportRecorded(
  connection: Connection,
  organisationId: `0x${string}`,
  key: Pick<ClaimKey, "id" | "record">,
  facts?: ImageFacts,
): Promise<Verdict<"signed" | "pending">> {
  const [result] = await reportAllRecorded(connection, organisationId, [{ ...key, facts }]);
  return unsettled(result);
}

async function reportAllRecorded(
  connection: Connection,
  organisationId: `0x${string}`,
  entries: readonly (Pick<ClaimKey, "id" | "record"> & { readonly facts?: ImageFacts | undefined })[],
): Promise<PromiseSettledResult<Verdict<"signed" | "pending">>[]> {
  const block = await readBlock(connection.rpc);
  const organisation = await readOrganisation(connection, organisationId, block);
  const query = { organisation: organisationId, keys: entries, digests: [], repository: "", tag: "" };
  const { claims } = await readClaims(connection, query, block);
  const tags = await readTags(
    connection,
    organisationId,
    claims.map(({ claim: { repository, tag } }) => ({ repository, tag, digests: [] })),
    block,
  );
  return settleEach(entries, ({ id, record, facts }) => {
    const at = claims.findIndex((one) => one.id === id && one.record === record);
    const recorded = claims[at];
    if (recorded === undefined || organisation === undefined) throw failure("CLAIM_NOT_SHOWN", { claim: id });
    const { repository, tag } = recorded.claim;
    const { owner, head } = tags[at] ?? {};
    const isOvertaken =
      recorded.threshold !== 0 && tag !== "" && !(head !== undefined && id.startsWith(head));
    const warnings = [
      ...(owner === organisation.id
        ? []
        : [say("not-the-owner", { organisation: organisation.name, repository })]),
      ...(isOvertaken ? [say("tag-overtaken", { name: `${repository}:${tag}` })] : []),
      ...clockWarnings(block),
      ...(facts?.otherNames ?? []).map((name) => say("also-named", { name: formatImageName(name) })),
    ];
    return toVerdict(connection.profile, organisation, recorded, { facts, block, warnings });
  });
}

/** Whether this machine's clock is that of a chain that has just made a block. */
function clockWarnings(block: BlockReference): Message[] {
  const skew = clockSkew(block, { isNew: true });
  if (skew === undefined) return [];
  const times = { here: toIso(skew.here), chain: toIso(skew.chain) };
  return [skew.seconds > 0 ? say("clock-ahead", times) : say("clock-behind", times)];
}

function toVerdict(
  { chainId, registry }: NetworkProfile,
  organisation: Organisation,
  recorded: RecordedClaim,
  more: { facts: ImageFacts | undefined; block: BlockReference; warnings: readonly Message[] },
): Verdict<"signed" | "pending"> {
  const { claim, id } = recorded;
  const { facts, block, warnings } = more;
  const counted = recorded.threshold !== 0;
  const name = claim.tag === "" ? claim.repository : `${claim.repository}:${claim.tag}`;
  return {
    ...aboutImage(facts?.image ?? name, facts, block.time),
    status: counted ? "signed" : "pending",
    organisation: organisation.name,
    repository: claim.repository,
    tag: claim.tag === "" ? null : claim.tag,
    subjects: claim.subjects,
    matched: claim.subjects[0]?.kind ?? null,
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
          say("signatures-missing", {
            count: recorded.validApprovals,
            threshold: organisation.threshold,
            organisation: organisation.name,
          }),
        ],
    warnings: [...warnings, ...(facts?.notes ?? [])],
    chain: { id: chainId, registry, block: block.number },
  };
}

function rejection(reason: unknown): PromiseRejectedResult {
  return { status: "rejected", reason };
}
