/** What DaoChain promises to programs: docs/library.md has an example of each. What the command line needs beside it is in internal.ts. */

export { type AuditedImage, audit } from "./audit/audit.ts";
export { readComposeFile } from "./audit/compose.ts";
export { readManifests } from "./audit/kubernetes.ts";
export { readImageList } from "./audit/list.ts";
export type { Finding } from "./audit/place.ts";
export type { Annotations } from "./claim/annotations.ts";
export { type Bytes32, type ClaimPlace, type ImageClaim, organisationId } from "./claim/claim.ts";
export { placeOf, type RecordedClaim } from "./contract/claims.ts";
export type { Connection, NetworkProfile } from "./contract/connection.ts";
export { type HistoryEntry, type HistoryQuery, type RegistryAct, readHistory } from "./contract/history.ts";
export { listOrganisations, type Organisation, requireOrganisation } from "./contract/organisations.ts";
export type { Confirmation } from "./contract/transaction.ts";
export { type Digest, type DigestKind, isDigest, toDigest } from "./digest/digest.ts";
export { type EmbeddedChainStart, startEmbeddedChain, stopEmbeddedChain } from "./embedded-chain/launch.ts";
export { DaoChainError, type ErrorCode, type ErrorOutcome, isDaoChainError } from "./errors.ts";
export { type Home, homeAt } from "./home.ts";
export {
  type Depth,
  depths,
  type ImageFacts,
  type ImageSource,
  type InspectOptions,
  type Progress,
  type Subject,
} from "./image/image.ts";
export { writeOciLayout } from "./image/oci/write-layout.ts";
export { openImage } from "./image/open.ts";
export { errors } from "./messages/errors.ts";
export type { Message } from "./messages/message.ts";
export { type Language, translatorFor } from "./messages/translator.ts";
export { connect } from "./network/connect.ts";
export { requireNetworkProfile } from "./network/profile.ts";
export { approveClaim, findPending } from "./operations/approve.ts";
export { type Bootstrapped, bootstrap } from "./operations/bootstrap.ts";
export { changeOrganisation, type OrganisationChange } from "./operations/change-organisation.ts";
export { revokeDigests } from "./operations/revoke.ts";
export { type SignOptions, signBatch, signImage, signImageOffline, signImages } from "./operations/sign.ts";
export { submitClaim } from "./operations/submit.ts";
export { parseTrustPolicies } from "./policy/document.ts";
export { readTrustPolicies } from "./policy/file.ts";
export { defaultPolicy, type Policy } from "./policy/policy.ts";
export type { Level, TrustPolicies, TrustPolicy } from "./policy/trust-policy.ts";
export { type Account, AccountStore } from "./signature/account-store.ts";
export { digestSigner } from "./signature/digest-signer.ts";
export { type ExternalSignerOptions, externalSigner } from "./signature/external-signer.ts";
export { formatSignedClaim, parseSignedClaim, type SignedClaim } from "./signature/signed-claim.ts";
export { privateKeySigner, type Signer, type TypedData } from "./signature/signer.ts";
export { gatherEvidence } from "./verdict/chain-evidence.ts";
export { decide } from "./verdict/decide.ts";
export type { ClaimEvidence, Evidence } from "./verdict/evidence.ts";
export { type Verdict, type VerdictClaim, type VerdictStatus, verdictStatuses } from "./verdict/verdict.ts";
export {
  type ImageQuestion,
  type Moment,
  type VerifyImagesOptions,
  type VerifyOptions,
  verifyImage,
  verifyImages,
} from "./verdict/verify.ts";
