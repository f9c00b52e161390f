/** The library's one door. What is not exported here is not public. */

export { approveClaim, findPending } from "./act/approve.ts";
export { type Established, establish } from "./act/establish.ts";
export { changeOrganisation, type OrganisationChange } from "./act/govern.ts";
export { type PullOptions, pullImage } from "./act/pull.ts";
export { type PushOptions, pushImage } from "./act/push.ts";
export { findRevocable, type Revocable, readClaim, revokeClaim, revokeDigests } from "./act/revoke.ts";
export {
  ImageSigning,
  type SignOptions,
  signBatch,
  signImage,
  signImageOffline,
  signImages,
} from "./act/sign.ts";
export { signable } from "./act/signable.ts";
export { submitClaim } from "./act/submit.ts";
export { type AuditedImage, audit } from "./audit/audit.ts";
export { readCompose, readComposeFile } from "./audit/compose.ts";
export { type EngineScope, readEngine } from "./audit/engine.ts";
export { readManifests, readManifestText } from "./audit/kubernetes.ts";
export { readImageList } from "./audit/list.ts";
export type { Finding, FoundImage, Place, UnreadPlace } from "./audit/place.ts";
export { canHit, findRunning, isHit, type RunningContainer } from "./audit/running.ts";
export type { CatalogueAct } from "./catalogue/acts.ts";
export { Catalogue } from "./catalogue/catalogue.ts";
export type { CatalogueEntry, CatalogueOrganisation, CatalogueQuery, Standing } from "./catalogue/entry.ts";
export type { CatalogueChange, FollowOptions } from "./catalogue/follow.ts";
export {
  type EmbeddedChainStart,
  type EmbeddedChainStatus,
  readEmbeddedChain,
  startEmbeddedChain,
  stopEmbeddedChain,
} from "./chain/embedded/launch.ts";
export { type Connection, connect, type NetworkProfile, readNetworkProfile } from "./chain/network.ts";
export { placeOf, type RecordedClaim } from "./chain/registry/claims.ts";
export { type BlockReference, readBlock } from "./chain/registry/contract.ts";
export { type HistoryEntry, type HistoryQuery, readHistory } from "./chain/registry/history.ts";
export {
  admitOrganisation,
  listOrganisations,
  type Organisation,
  readGovernor,
  requireOrganisation,
  toAddress,
} from "./chain/registry/organisations.ts";
export type { Confirmation } from "./chain/registry/transaction.ts";
export type { Annotations } from "./claim/annotations.ts";
export { type ClaimPlace, claimId, type ImageClaim, organisationId } from "./claim/claim.ts";
export { type Digest, type DigestKind, digestKinds, isDigest, toDigest } from "./digest/digest.ts";
export { type ContainerdGateStart, serveContainerdGate } from "./enforcement/containerd/serve.ts";
export { type UnjudgedWay, unjudgedWays } from "./enforcement/docker/requests.ts";
export { type DockerGateStart, serveDockerGate } from "./enforcement/docker/serve.ts";
export type { EnforcementStart, ServedGate } from "./enforcement/enforcement.ts";
export type { FollowerStatus } from "./enforcement/follower.ts";
export { type ApiOptions, apiOfPod } from "./enforcement/kubernetes/api.ts";
export {
  findImages,
  kindOf,
  type ObjectKind,
  type PlacedImage,
  toPointer,
} from "./enforcement/kubernetes/images.ts";
export {
  type CertificateStart,
  type KubernetesGateStart,
  type ServedKubernetesGate,
  serveKubernetesGate,
} from "./enforcement/kubernetes/serve.ts";
export { PolicyFile } from "./enforcement/policy-file.ts";
export {
  DaoChainError,
  type ErrorCode,
  type ErrorOutcome,
  errorOutcomes,
  isDaoChainError,
} from "./errors.ts";
export { makePrivateDirectory, readSmallFile, writeFileAtomic } from "./files.ts";
export { changeSettings, type Home, homeAt, readSettings, type Settings } from "./home.ts";
export { diffImage } from "./image/diff.ts";
export { type ListedContainer, listContainers } from "./image/docker-containers.ts";
export { dockerEnvironment } from "./image/docker-endpoint.ts";
export type { EngineDepth } from "./image/docker-engine.ts";
export { type DaemonLayer, listDaemonLayers } from "./image/docker-layers.ts";
export { type DaemonImage, listDaemonImages } from "./image/docker-list.ts";
export { buildTinyImage, type DockerStatus, pingDocker, removeImage } from "./image/docker-tools.ts";
export {
  type Corruption,
  type Depth,
  depths,
  type ImageFacts,
  type ImageName,
  type ImageSource,
  type InspectOptions,
  type Progress,
  type Subject,
  type Transport,
} from "./image/image.ts";
export { openImage } from "./image/open.ts";
export { type ParsedReference, parseImageReference } from "./image/reference.ts";
export { type RegistryCredential, registryCredentials } from "./image/registry/credentials.ts";
export { type ResolvedManifest, resolveManifest } from "./image/registry/manifest.ts";
export type { RegistryOptions, RegistryTiming } from "./image/registry/options.ts";
export type { Difference, DifferenceKind } from "./image/tree/differences.ts";

export { type WrittenLayout, writeOciLayout } from "./image/write-oci-layout.ts";
export { inParallel } from "./parallel.ts";
export { parseTrustPolicies } from "./policy/document.ts";
export { readTrustPolicies } from "./policy/file.ts";
export { defaultPolicy, type Policy } from "./policy/policy.ts";
export { type Level, TrustPolicies, type TrustPolicy } from "./policy/trust-policy.ts";
export { type Account, AccountStore } from "./signature/account-store.ts";
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
export { parseSpan } from "./span.ts";
export { aboutImage, decide } from "./verdict/decide.ts";
export type { ClaimEvidence, Evidence } from "./verdict/evidence.ts";
export { gatherEvidence } from "./verdict/gather.ts";
export { type Verdict, type VerdictClaim, type VerdictStatus, verdictStatuses } from "./verdict/verdict.ts";
export { type Moment, type VerifyOptions, verifyImage } from "./verdict/verify.ts";
export { type ImageQuestion, type VerifyImagesOptions, verifyImages } from "./verdict/verify-images.ts";
