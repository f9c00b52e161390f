/** The library's one door. What is not exported here is not public. */

export { type AuditedImage, audit } from "./audit/audit.ts";
export { readCompose, readComposeFile } from "./audit/compose.ts";
export { type EngineScope, readEngine } from "./audit/engine.ts";
export { readManifests, readManifestText } from "./audit/kubernetes.ts";
export { readImageList } from "./audit/list.ts";
export type { Finding, FoundImage, Place, UnreadPlace } from "./audit/place.ts";
export { canHit, findRunning, isHit, type RunningContainer } from "./audit/running.ts";
export { type Backup, backUp } from "./backup/backup.ts";
export { type Restored, restore, restorePrefix } from "./backup/restore.ts";
export { type Rollback, readRollbacks } from "./backup/rollbacks.ts";
export { Catalogue } from "./catalogue/catalogue.ts";
export type { CatalogueEntry, CatalogueOrganisation, CatalogueQuery, Standing } from "./catalogue/entry.ts";
export type { CatalogueChange, FollowOptions } from "./catalogue/follow.ts";
export type { CatalogueHistoryEntry } from "./catalogue/history.ts";
export { openReadOnlyCatalogue, type ReadOnlyCatalogue } from "./catalogue/read-only.ts";
export type { Annotations } from "./claim/annotations.ts";
export { type ClaimPlace, claimId, type ImageClaim, organisationId } from "./claim/claim.ts";
export { placeOf, type RecordedClaim } from "./contract/claims.ts";
export { type ClockSkew, clockSkew } from "./contract/clock.ts";
export type { Connection, NetworkProfile } from "./contract/connection.ts";
export { type BlockReference, readBlock } from "./contract/contract.ts";
export { type HistoryEntry, type HistoryQuery, type RegistryAct, readHistory } from "./contract/history.ts";
export {
  admitOrganisation,
  listOrganisations,
  type Organisation,
  readGovernor,
  requireOrganisation,
  toAddress,
} from "./contract/organisations.ts";
export type { Confirmation } from "./contract/transaction.ts";
export { type Digest, type DigestKind, digestKinds, isDigest, toDigest } from "./digest/digest.ts";
export { parseDuration } from "./duration.ts";
export { type AttachedChain, startAttachedChain } from "./embedded-chain/attached.ts";
export {
  type EmbeddedChainStart,
  type EmbeddedChainStatus,
  readEmbeddedChain,
  startEmbeddedChain,
  stopEmbeddedChain,
} from "./embedded-chain/launch.ts";
export {
  cancelled,
  DaoChainError,
  type ErrorCode,
  type ErrorOutcome,
  failure,
  isDaoChainError,
} from "./errors.ts";
export { makePrivateDirectory, readSmallFile, writeFileAtomic } from "./files.ts";
export { type ContainerdGateStart, serveContainerdGate } from "./gates/containerd/serve.ts";
export { type UnjudgedWay, unjudgedWays } from "./gates/docker/requests.ts";
export { type DockerGateStart, serveDockerGate } from "./gates/docker/serve.ts";
export type { FollowerStatus } from "./gates/follower.ts";
export type { GateRuntimeOptions, ServedGate } from "./gates/gate-runtime.ts";
export { type ApiOptions, apiOfPod } from "./gates/kubernetes/api.ts";
export {
  findImages,
  kindOf,
  type ObjectKind,
  type PlacedImage,
  toPointer,
} from "./gates/kubernetes/images.ts";
export {
  type CertificateStart,
  type KubernetesGateStart,
  type ServedKubernetesGate,
  serveKubernetesGate,
} from "./gates/kubernetes/serve.ts";
export { PolicyFile } from "./gates/policy-file.ts";
export { changeSettings, type Home, homeAt, readSettings, type Settings } from "./home.ts";
export { diffImage } from "./image/diff.ts";
export { type ListedContainer, listContainers } from "./image/docker/containers.ts";
export { dockerEnvironment } from "./image/docker/endpoint.ts";
export type { EngineDepth } from "./image/docker/engine.ts";
export { type DaemonLayer, listDaemonLayers } from "./image/docker/layers.ts";
export { type DaemonImage, listDaemonImages } from "./image/docker/list.ts";
export { buildTinyImage, type DockerStatus, pingDocker, removeImage } from "./image/docker/tools.ts";
export {
  type Corruption,
  type Depth,
  depths,
  type ImageContents,
  type ImageFacts,
  type ImageName,
  type ImageSource,
  type InspectOptions,
  type Progress,
  type Subject,
  type Transport,
} from "./image/image.ts";
export { type WrittenLayout, writeOciLayout } from "./image/oci/write-layout.ts";
export { openImage } from "./image/open.ts";
export { type ParsedReference, parseImageReference } from "./image/reference.ts";
export { type RegistryCredential, registryCredentials } from "./image/registry/credentials.ts";
export { type ResolvedManifest, resolveManifest } from "./image/registry/manifest.ts";
export type { RegistryOptions, RegistryTiming } from "./image/registry/options.ts";
export type { Difference, DifferenceKind } from "./image/rootfs/differences.ts";
export { errors } from "./messages/errors.ts";
export { Message, say } from "./messages/message.ts";
export { type Language, Translator, translatorFor } from "./messages/translator.ts";
export { connect } from "./network/connect.ts";
export { readNetworkProfile, requireNetworkProfile } from "./network/profile.ts";
export { approveClaim, findPending } from "./operations/approve.ts";
export { type Bootstrapped, bootstrap } from "./operations/bootstrap.ts";
export { changeOrganisation, type OrganisationChange } from "./operations/change-organisation.ts";
export { followClaim } from "./operations/follow-claim.ts";
export { type PullOptions, pullImage } from "./operations/pull.ts";
export { type PushOptions, pushImage } from "./operations/push.ts";
export { findRevocable, type Revocable, readClaim, revokeClaim, revokeDigests } from "./operations/revoke.ts";
export {
  draftClaim,
  draftClaims,
  ImageSigning,
  type SignOptions,
  signBatch,
  signImage,
  signImageOffline,
  signImages,
} from "./operations/sign.ts";
export { signable } from "./operations/signable.ts";
export { submitClaim } from "./operations/submit.ts";
export { inParallel } from "./parallel.ts";
export { parseTrustPolicies } from "./policy/document.ts";
export { readTrustPolicies } from "./policy/file.ts";
export { defaultPolicy, type Policy } from "./policy/policy.ts";
export { type Level, TrustPolicies, type TrustPolicy } from "./policy/trust-policy.ts";
export { type Lock, takeLock } from "./process-lock.ts";
export {
  type Account,
  AccountStore,
  isPasswordLongEnough,
  leastPassword,
} from "./signature/account-store.ts";
export { digestSigner } from "./signature/digest-signer.ts";
export {
  type ExternalSignerOptions,
  externalSigner,
  listSignerAccounts,
  toSignerUrl,
} from "./signature/external-signer.ts";
export {
  type Approval,
  formatSignedClaim,
  parseSignedClaim,
  type SignedClaim,
} from "./signature/signed-claim.ts";
export { privateKeySigner, type Signer, type TypedData, typedDataHash } from "./signature/signer.ts";
export { gatherEvidence } from "./verdict/chain-evidence.ts";
export { aboutImage, decide } from "./verdict/decide.ts";
export type { ClaimEvidence, Evidence } from "./verdict/evidence.ts";
export { reasonOf } from "./verdict/failure.ts";
export { type Verdict, type VerdictClaim, type VerdictStatus, verdictStatuses } from "./verdict/verdict.ts";
export {
  type ImageQuestion,
  type Moment,
  type VerifyImagesOptions,
  type VerifyOptions,
  verifyImage,
  verifyImages,
} from "./verdict/verify.ts";
