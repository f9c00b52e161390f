import type { Catalogue } from "../catalogue/catalogue.ts";
import type { CatalogueHistoryEntry } from "../catalogue/history.ts";
import type { NetworkProfile } from "../contract/connection.ts";
import { isDaoChainError } from "../errors.ts";
import { gatherLocally } from "../gates/index-evidence.ts";
import { type ListedContainer, listContainers } from "../image/docker/containers.ts";
import type { DockerOptions } from "../image/docker/endpoint.ts";
import { DockerEngine } from "../image/docker/engine.ts";
import { isUnreadable } from "../image/unreadable.ts";
import { defaultPolicy } from "../policy/policy.ts";
import { decide } from "../verdict/decide.ts";
import type { Evidence } from "../verdict/evidence.ts";
import type { Verdict } from "../verdict/verdict.ts";

/** A running container, with what a catalogue says of the image that it was made of, going by the image's ID. */
export interface RunningContainer {
  readonly container: ListedContainer;
  /** of the catalogue, which is no evidence: a hint at what to look at */
  readonly verdict: Verdict;
  readonly evidence: Evidence;
}

/**
 * The containers that run in an engine now, each judged by a catalogue as it is now; those of which nothing can be said are left out.
 * @throws DOCKER_SETTINGS_INVALID, DOCKER_UNREACHABLE, DOCKER_FAILED, JSON_INVALID, ENGINE_LISTS_TOO_MUCH, INDEX_FAILED, INDEX_BUSY, CANCELLED
 */
export async function findRunning(
  catalogue: Catalogue,
  profile: NetworkProfile,
  options: DockerOptions & { readonly signal?: AbortSignal | undefined } = {},
): Promise<RunningContainer[]> {
  const containers = await listContainers(options);
  const engine = await DockerEngine.prepare(options);
  const running: RunningContainer[] = [];
  for (const container of containers) {
    try {
      const facts = await engine.containerImage(container, "id", options.signal);
      const evidence = catalogue.look((snapshot) => {
        if (snapshot === undefined) return undefined;
        return gatherLocally(snapshot, profile, facts, defaultPolicy, Math.floor(Date.now() / 1000));
      });
      if (evidence !== undefined)
        running.push({ container, evidence, verdict: decide(evidence, defaultPolicy) });
    } catch (error) {
      // An image that is gone or cannot be read, or has too many claims, keeps no other from being looked at.
      const isItsOwn =
        isUnreadable(error) ||
        isDaoChainError(
          error,
          "IMAGE_NOT_FOUND",
          "CONTAINER_NOT_FOUND",
          "REFERENCE_INVALID",
          "ENGINE_NAME_INVALID",
          "IMAGE_LIMIT_EXCEEDED",
          "JSON_TOO_LARGE",
          "JSON_LIST_TOO_LONG",
          "TOO_MANY_CLAIMS",
          "VOID_UNSETTLED",
          "HEAD_UNREADABLE",
        );
      if (!isItsOwn) throw error;
    }
  }
  return running;
}

/** Whether an act is of a kind by which what was verified may cease to be. */
export function canHit({ act }: CatalogueHistoryEntry): boolean {
  return act.startsWith("revoked") || act === "signer voided" || act.startsWith("namespace ");
}

/**
 * Whether an act is why a running container's image is not verified.
 * @param running as it is after the act
 * @param before the status that the container's image had when it was last looked at; undefined where it was not
 */
export function isHit(
  { act, subject, organisation, claim }: CatalogueHistoryEntry,
  { verdict, evidence }: RunningContainer,
  before: string | undefined,
): boolean {
  if (verdict.status === "verified") return false;
  const own = evidence.claims.filter(({ organisationName }) => organisationName === organisation);
  switch (act) {
    case "revoked digest":
      return (
        (evidence.required?.name === organisation && evidence.revoked.some((digest) => digest === subject)) ||
        own.some(({ revokedDigests }) => revokedDigests.some((digest) => digest === subject))
      );
    case "revoked claim":
      return own.some(({ id, record }) => [id, record].some((one) => one === claim || one === subject));
    case "signer voided":
      return own.some(({ signers }) => signers.includes(subject));
    case "namespace added":
    case "namespace removed": {
      const repository = evidence.facts.name?.repository;
      const isWithin =
        subject === "every repository" ||
        repository === subject ||
        repository?.startsWith(`${subject}/`) === true;
      return isWithin && before === "verified";
    }
    default:
      return false;
  }
}
