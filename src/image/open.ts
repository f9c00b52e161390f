import { DaoChainError } from "../errors.ts";
import type { DockerOptions } from "./docker-endpoint.ts";
import type { ImageSource } from "./image.ts";
import { formatNamedReference, parseImageReference } from "./reference.ts";

/**
 * The image that a reference names, as a source that has not been read yet. What a source needs is loaded only here.
 * @param text `docker-daemon:REF`, `docker-archive:FILE[:REF]`, `oci:DIR[:TAG]`, `oci-archive:FILE[:TAG]`, or a name or ID in the local daemon
 * @param options.docker which daemon; by default the one that the docker command would use
 * @throws REFERENCE_INVALID; IMAGE_UNSUPPORTED for registries
 */
export async function openImage(
  text: string,
  options: { docker?: DockerOptions | undefined } = {},
): Promise<ImageSource> {
  const reference = parseImageReference(text);
  switch (reference.transport) {
    case "docker-daemon": {
      const { dockerImage } = await import("./docker-daemon.ts");
      return dockerImage(text, reference, options.docker);
    }
    case "oci": {
      const { ociLayoutImage } = await import("./oci-layout.ts");
      return ociLayoutImage(text, reference);
    }
    case "docker-archive":
    case "oci-archive": {
      const { archiveImage } = await import("./archive.ts");
      return archiveImage(text, reference);
    }
    case "docker":
      throw new DaoChainError(
        "IMAGE_UNSUPPORTED",
        `Images are not read from registries yet: ${formatNamedReference(reference.named)}.`,
        { hint: "Pull it and name it without docker://, or copy it into an OCI layout." },
      );
  }
}
