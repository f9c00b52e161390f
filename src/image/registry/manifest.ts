import { createHash } from "node:crypto";
import { type Digest, isDigest } from "../../digest/digest.ts";
import { cancelled, failure } from "../../errors.ts";
import { say } from "../../messages/message.ts";
import { formatNamedReference, type NamedReference } from "../reference.ts";
import { RegistryClient } from "./client.ts";
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
 * @throws IMAGE_NOT_FOUND, REGISTRY_MANIFEST_FALSE where the bytes are not what the reference or the registry says, REGISTRY_UNREACHABLE, REGISTRY_FAILED,
 *   REGISTRY_DENIED, REGISTRY_MANIFEST_TOO_LARGE, REFERENCE_INVALID, CREDENTIAL_HELPER_FAILED, CANCELLED
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
    throw cancelled(error);
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
    throw failure(
      "IMAGE_NOT_FOUND",
      { place: say("registry-named", { registry: name }), image: shown },
      { advice: say("advice-tag-or-login") },
    );
  }
  const { mediaType, bytes, claimedDigest } = served;
  const digest: Digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  if (reference.digest !== undefined && reference.digest !== digest) {
    throw failure("REGISTRY_MANIFEST_FALSE", {
      registry: name,
      what: say("registry-serves-other", { found: digest, digest: reference.digest }),
    });
  }
  // Of another kind of digest nothing can be said; whatever else stands there is no digest of these bytes.
  const isOther = claimedDigest === undefined || /^(?!sha256:)[a-z0-9+._-]+:[0-9a-f]+$/.test(claimedDigest);
  if (!isOther && claimedDigest !== digest) {
    const said = isDigest(claimedDigest) ? claimedDigest : say("registry-no-digest");
    throw failure("REGISTRY_MANIFEST_FALSE", {
      registry: name,
      what: say("registry-says-other", { said, digest }),
    });
  }
  return { digest, mediaType, bytes };
}
