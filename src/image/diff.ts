import { failure } from "../errors.ts";
import type { DockerOptions } from "./docker/endpoint.ts";
import type { InspectOptions } from "./image.ts";
import { parseImageReference } from "./reference.ts";
import type { Difference } from "./rootfs/differences.ts";

/**
 * In what a container of an image would differ from what the image's own layers and config say: files that were altered where the
 * engine has unpacked them, and configuration.
 * @param text an image in a Docker daemon: elsewhere nothing is unpacked that could differ
 * @returns in the order of the paths; of a file that the engine itself refuses, no more than that
 * @throws REFERENCE_INVALID; NOTHING_UNPACKED for an image elsewhere; LAYERS_CORRUPT where the layers themselves are; as `inspect`
 */
export async function diffImage(
  text: string,
  options: { readonly docker?: DockerOptions | undefined } & InspectOptions = {},
): Promise<Difference[]> {
  const reference = parseImageReference(text);
  if (reference.transport !== "docker-daemon") {
    throw failure("NOTHING_UNPACKED", { image: text });
  }
  const { diffDockerImage } = await import("./docker/daemon.ts");
  return diffDockerImage(text, reference, { ...options, ...options.docker });
}
