import type { Digest } from "../digest/digest.ts";
import { isDaoChainError } from "../errors.ts";
import { listContainers } from "../image/docker/containers.ts";
import type { DockerOptions } from "../image/docker/endpoint.ts";
import { engineImage } from "../image/docker/engine.ts";
import { listDaemonImages } from "../image/docker/list.ts";
import type { ImageFacts, ImageSource, InspectOptions } from "../image/image.ts";
import { formatNamedReference, type NamedReference, parseImageReference } from "../image/reference.ts";
import type { Finding, Place } from "./place.ts";

/** What of an engine is looked at. */
export interface EngineScope {
  readonly images: boolean;
  readonly containers: boolean;
  /** also containers that are stopped */
  readonly all: boolean;
}

/**
 * The images of an engine under each of their names, and those that containers were really made of, under the name that their makers called
 * them by.
 * @throws DOCKER_SETTINGS_INVALID, DOCKER_UNREACHABLE, DOCKER_FAILED, JSON_INVALID, ENGINE_LISTS_TOO_MUCH, CANCELLED
 */
export async function readEngine(
  scope: EngineScope,
  options: DockerOptions & { readonly signal?: AbortSignal | undefined } = {},
): Promise<Finding[]> {
  const sources = new EngineSources(options);
  const images = scope.images ? await listDaemonImages(options) : [];
  const containers = scope.containers ? await listContainers({ ...options, all: scope.all }) : [];
  return [
    ...images.flatMap(({ id, names }) =>
      (names.length === 0 ? [id] : names).map((name) => sources.find(id, name, { kind: "image", name })),
    ),
    ...containers.map(({ image, calledImage, name }) =>
      sources.find(image, calledImage === "" ? image : calledImage, { kind: "container", name }),
    ),
  ];
}

/** Images that have several names are read once. */
class EngineSources {
  readonly #options: DockerOptions;
  readonly #read = new Map<string, Promise<ImageFacts>>();

  constructor(options: DockerOptions) {
    this.#options = options;
  }

  find(id: Digest, called: string, place: Place): Finding {
    try {
      const source = engineImage(id, called, this.#options);
      const name = nameIn(called);
      const key = `${id} ${name === undefined ? "" : formatNamedReference(name)}`;
      return { place, image: called, key, open: async () => this.#shared(id, called, name, source) };
    } catch (error) {
      if (!isDaoChainError(error, "REFERENCE_INVALID", "ENGINE_NAME_INVALID")) throw error;
      return { place, image: called, reason: error };
    }
  }

  #shared(id: Digest, called: string, named: NamedReference | undefined, source: ImageSource): ImageSource {
    // By its ID alone, an image has the first name that it has.
    if (named === undefined) return source;
    const name = { repository: named.repository, tag: named.tag, carried: true };
    return {
      ...source,
      inspect: async (options: InspectOptions = {}) => {
        const key = JSON.stringify([id, options.depth, options.thorough, options.platform]);
        const reading = this.#read.get(key) ?? source.inspect(options);
        this.#read.set(key, reading);
        return { ...(await reading), image: called, name };
      },
    };
  }
}

/** The name that a container or an image goes by; undefined where that is, or may be, an ID. @throws REFERENCE_INVALID */
function nameIn(called: string): NamedReference | undefined {
  const reference = parseImageReference(`docker-daemon:${called}`);
  return reference.transport === "docker-daemon" && !reference.maybeId ? reference.named : undefined;
}
