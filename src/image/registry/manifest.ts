import { createHash } from "node:crypto";
import { type Digest, isDigest } from "../../digest/digest.ts";
import { DaoChainError } from "../../errors.ts";
import { formatNamedReference, type NamedReference } from "../reference.ts";
import { RegistryClient } from "./client.ts";
import { registryError } from "./failure.ts";
import type { RegistryOptions } from "./options.ts";

/** What a reference names in its registry: an index or a manifest, byte for byte. */
export interface ResolvedManifest {
  /** computed from the bytes */
  readonly digest: Digest;
  /** as the registry states it; whether the bytes agree is seen when they are examined */
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/**
 * Asks a registry what a reference stands for now: its digest where it has one, else its tag.
 * @throws IMAGE_NOT_FOUND, IMAGE_CORRUPT where the bytes are not what the reference or the registry says, REGISTRY_UNREACHABLE, REGISTRY_FAILED,
 *   REGISTRY_DENIED, LIMIT_EXCEEDED, REFERENCE_INVALID, CONFIGURATION_INVALID, CANCELLED
 */
export async function resolveManifest(
  reference: NamedReference,
  options: RegistryOptions & { readonly signal?: AbortSignal | undefined } = {},
): Promise<ResolvedManifest> {
  const client = new RegistryClient(reference, options, options.signal);
  try {
    return await fetchRoot(client, reference);
  } catch (error) {
    if (!options.signal?.aborted) throw error;
    throw new DaoChainError("CANCELLED", "Asking the registry was cancelled.", { cause: error });
  } finally {
    await client.close();
  }
}

/** The same over a client that stays open. */
export async function fetchRoot(
  client: RegistryClient,
  reference: NamedReference,
): Promise<ResolvedManifest> {
  const served = await client.manifest(reference.digest ?? reference.tag);
  const { name } = client.host;
  if (served === undefined) {
    const shown = formatNamedReference(reference);
    throw registryError("IMAGE_NOT_FOUND", name, `has no image ${shown}`, {
      hint: "Check its name and tag; a private one may need docker login.",
    });
  }
  const { mediaType, bytes, claimedDigest } = served;
  const digest: Digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  if (reference.digest !== undefined && reference.digest !== digest) {
    throw registryError("IMAGE_CORRUPT", name, `serves ${digest} for ${reference.digest}`);
  }
  // Of another kind of digest nothing can be said; whatever else stands there is no digest of these bytes.
  const isOther = claimedDigest === undefined || /^(?!sha256:)[a-z0-9+._-]+:[0-9a-f]+$/.test(claimedDigest);
  if (!isOther && claimedDigest !== digest) {
    const said = isDigest(claimedDigest) ? claimedDigest : "something that is no digest";
    throw registryError("IMAGE_CORRUPT", name, `says ${said} of a manifest whose digest is ${digest}`);
  }
  return { digest, mediaType, bytes };
}
