/** What our own command line needs beside the public API. It may change with every version. */

export { readCompose } from "./audit/compose.ts";
export { type EngineScope, readEngine } from "./audit/engine.ts";
export { readManifestText } from "./audit/kubernetes.ts";
export type { FoundImage, Place, UnreadPlace } from "./audit/place.ts";
export { canHit, findRunning, isHit, type RunningContainer } from "./audit/running.ts";
export { type Backup, backUp } from "./backup/backup.ts";
export { type Restored, restore, restorePrefix } from "./backup/restore.ts";
export { type Rollback, readRollbacks } from "./backup/rollbacks.ts";
export { Catalogue } from "./catalogue/catalogue.ts";
export type { CatalogueEntry, CatalogueOrganisation, CatalogueQuery, Standing } from "./catalogue/entry.ts";
export type { CatalogueChange, FollowOptions } from "./catalogue/follow.ts";
export type { CatalogueHistoryEntry } from "./catalogue/history.ts";
export { openReadOnlyCatalogue, type ReadOnlyCatalogue } from "./catalogue/read-only.ts";
export { claimId } from "./claim/claim.ts";
export { type ClockSkew, clockSkew } from "./contract/clock.ts";
export { type BlockReference, readBlock } from "./contract/contract.ts";
export { admitOrganisation, readGovernor, toAddress } from "./contract/organisations.ts";
export { digestKinds } from "./digest/digest.ts";
export { parseDuration } from "./duration.ts";
export { type AttachedChain, startAttachedChain } from "./embedded-chain/attached.ts";
export { type EmbeddedChainStatus, readEmbeddedChain } from "./embedded-chain/launch.ts";
export { cancelled, failure } from "./errors.ts";
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
export { changeSettings, readSettings, type Settings } from "./home.ts";
export { diffImage } from "./image/diff.ts";
export { type ListedContainer, listContainers } from "./image/docker/containers.ts";
export { dockerEnvironment } from "./image/docker/endpoint.ts";
export type { EngineDepth } from "./image/docker/engine.ts";
export { type DaemonLayer, listDaemonLayers } from "./image/docker/layers.ts";
export { type DaemonImage, listDaemonImages } from "./image/docker/list.ts";
export { buildTinyImage, type DockerStatus, pingDocker, removeImage } from "./image/docker/tools.ts";
export type { Corruption, ImageContents, ImageName, Transport } from "./image/image.ts";
export type { WrittenLayout } from "./image/oci/write-layout.ts";
export { type ParsedReference, parseImageReference } from "./image/reference.ts";
export { type RegistryCredential, registryCredentials } from "./image/registry/credentials.ts";
export { type ResolvedManifest, resolveManifest } from "./image/registry/manifest.ts";
export type { RegistryOptions, RegistryTiming } from "./image/registry/options.ts";
export type { Difference, DifferenceKind } from "./image/rootfs/differences.ts";
export * from "./index.ts";
export { Message, say } from "./messages/message.ts";
export { Translator } from "./messages/translator.ts";
export { readNetworkProfile } from "./network/profile.ts";
export { followClaim } from "./operations/follow-claim.ts";
export { type PullOptions, pullImage } from "./operations/pull.ts";
export { type PushOptions, pushImage } from "./operations/push.ts";
export { findRevocable, type Revocable, readClaim, revokeClaim } from "./operations/revoke.ts";
export { draftClaim, draftClaims, ImageSigning } from "./operations/sign.ts";
export { signable } from "./operations/signable.ts";
export { inParallel } from "./parallel.ts";
export { TrustPolicies } from "./policy/trust-policy.ts";
export { type Lock, takeLock } from "./process-lock.ts";
export { isPasswordLongEnough, leastPassword } from "./signature/account-store.ts";
export { listSignerAccounts, toSignerUrl } from "./signature/external-signer.ts";
export type { Approval } from "./signature/signed-claim.ts";
export { typedDataHash } from "./signature/signer.ts";
export { aboutImage } from "./verdict/decide.ts";
export { reasonOf } from "./verdict/failure.ts";
