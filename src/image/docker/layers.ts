import { type Digest, isDigest } from "../../digest/digest.ts";
import { member, sizeMember, stringMember, stringsMember, toObject } from "../../json.ts";
import { say } from "../../messages/message.ts";
import { DockerClient } from "./client.ts";
import type { DockerOptions } from "./endpoint.ts";

/** A layer as a daemon tells it: nothing of it was read. */
export interface DaemonLayer {
  /** of its bytes, uncompressed */
  readonly diffId: Digest;
  /** bytes; undefined where the image's history does not tell which of its steps made the layer */
  readonly size: number | undefined;
  /** what made it, as its maker wrote it */
  readonly createdBy: string | undefined;
}

/** No image has more: engines stop at 127. */
const maxLayers = 1000;
const what = "description by the Docker daemon";

/**
 * The layers of an image, the lowest first.
 * @param id the image's ID
 * @throws DOCKER_SETTINGS_INVALID, JSON_INVALID, DOCKER_UNREACHABLE, DOCKER_FAILED, CANCELLED
 */
export async function listDaemonLayers(
  id: Digest,
  options: DockerOptions & { readonly signal?: AbortSignal | undefined } = {},
): Promise<DaemonLayer[]> {
  const client = await DockerClient.prepare(options);
  const { signal } = options;
  const ask = async (path: string): Promise<unknown> => {
    const { status, json, message } = await client.call(path, { signal });
    if (status !== 200) throw client.refusal(say("do-describe", { what: id }), status, message);
    return json;
  };
  const image = toObject(await ask(`/images/${id}/json`), what);
  const rootfs = toObject(member(image, "RootFS", what) ?? {}, what);
  const diffIds = stringsMember(rootfs, "Layers", what, maxLayers).filter(isDigest);
  const history = await ask(`/images/${id}/history`);
  // Newest first. A step that changed no file made no layer, but a layer may be empty too: only where the numbers agree is it known which made which.
  const steps = (Array.isArray(history) ? history : [])
    .slice(0, maxLayers)
    .map((step) => toObject(step, what))
    .map((step) => ({
      size: sizeMember(step, "Size", what),
      createdBy: stringMember(step, "CreatedBy", what),
    }))
    .filter(({ size }) => size > 0)
    .reverse();
  const isKnown = steps.length === diffIds.length;
  return diffIds.map((diffId, index) => {
    const step = isKnown ? steps[index] : undefined;
    return { diffId, size: step?.size, createdBy: step?.createdBy || undefined };
  });
}
