import type { Digest } from "../../digest/digest.ts";
import { arrayMember, digestMember, member, toObject } from "../../json.ts";
import { say } from "../../messages/message.ts";
import type { DockerClient } from "./client.ts";

/** A manifest that an index in a daemon lists, directly or through another index. */
export interface DaemonManifest {
  readonly digest: Digest;
  /** whether the daemon could run it: it has its content, or has unpacked it before */
  readonly isHeld: boolean;
}

const MANIFESTS_LIMIT = 1000;
const what = "description by the Docker daemon";

/**
 * What a daemon on containerd's store says it has of an index (Docker Engine API 1.48, "ImageInspect"). What it calls each is not asked:
 * it goes by annotations and runs the manifest all the same.
 * @returns undefined where it does not say, as daemons before Docker 28 do not
 * @throws DOCKER_UNREACHABLE, DOCKER_FAILED, JSON_INVALID, CANCELLED
 */
export async function listHeld(
  client: DockerClient,
  id: Digest,
  signal: AbortSignal | undefined,
): Promise<DaemonManifest[] | undefined> {
  const { status, json, message } = await client.call(`/images/${id}/json`, {
    query: { manifests: "1" },
    signal,
  });
  if (status === 404) return undefined;
  if (status !== 200) throw client.refusal(say("do-list-held", { id }), status, message);
  const description = toObject(json, what);
  if (!Array.isArray(member(description, "Manifests", what))) return undefined;
  return arrayMember(description, "Manifests", what, MANIFESTS_LIMIT).map((value) => {
    const manifest = toObject(value, what);
    const part = (object: unknown, name: string) =>
      toObject(member(toObject(object, what), name, what) ?? {}, what);
    const data = part(manifest, "ImageData");
    const unpacked = member(part(data, "Size"), "Unpacked", what) ?? 0;
    const isUnpacked = unpacked !== 0 || arrayMember(data, "Containers", what, 100_000).length > 0;
    return {
      digest: digestMember(manifest, "ID", what),
      isHeld: member(manifest, "Available", what) !== false || isUnpacked,
    };
  });
}
