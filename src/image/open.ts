import type { DockerOptions } from "./docker/endpoint.ts";
import type { ImageSource } from "./image.ts";
import { parseImageReference } from "./reference.ts";
import type { RegistryOptions } from "./registry/options.ts";

/**
 * The image that a reference names, as a source that has not been read yet. What a source needs is loaded only here.
 * @param text `docker-daemon:REF`, `docker://REF`, `docker-archive:FILE[:REF|:@N]`, `oci:DIR[:TAG]`, `oci-archive:FILE[:TAG]`, or a name or ID
 *   in the local daemon; a name that the daemon does not have is asked of its registry
 * @param options.docker which daemon; by default the one that the docker command would use
 * @param options.registry how registries are spoken to; by default as the docker command would
 * @throws REFERENCE_INVALID
 */
export async function openImage(
  text: string,
  options: { docker?: DockerOptions | undefined; registry?: RegistryOptions | undefined } = {},
): Promise<ImageSource> {
  const reference = parseImageReference(text);
  switch (reference.transport) {
    case "docker-daemon": {
      const { dockerImage } = await import("./docker/daemon.ts");
      const daemon = dockerImage(text, reference, options.docker);
      // What may be the beginning of an ID is not told to a registry.
      if (reference.explicit || reference.named === undefined || reference.maybeId) return daemon;
      const { daemonOrRegistryImage } = await import("./registry/fallback.ts");
      const { named } = reference;
      return daemonOrRegistryImage(daemon, async () => {
        const { registryImage } = await import("./registry/source.ts");
        return registryImage(text, named, options.registry);
      });
    }
    case "oci": {
      const { ociLayoutImage } = await import("./oci/layout.ts");
      return ociLayoutImage(text, reference);
    }
    case "docker-archive":
    case "oci-archive": {
      const { archiveImage } = await import("./archive/archive.ts");
      return archiveImage(text, reference);
    }
    case "docker": {
      const { registryImage } = await import("./registry/source.ts");
      return registryImage(text, reference.named, options.registry);
    }
  }
}
