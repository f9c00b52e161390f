import type { ErrorTable } from "../../errors.ts";

/** What happens with a Docker Engine. */
export const dockerErrors = {
  DOCKER_UNREACHABLE: { outcome: "inconclusive", message: "The Docker Engine at {host} {what}." },
  DOCKER_FAILED: { outcome: "inconclusive", message: "The Docker Engine at {host} {what}." },
  DOCKER_SETTINGS_INVALID: {
    outcome: "usage",
    message: "{reason}.",
    hint: "Check DOCKER_HOST, DOCKER_CONTEXT, DOCKER_CERT_PATH and the files under ~/.docker.",
  },
  ENGINE_LISTS_TOO_MUCH: {
    outcome: "inconclusive",
    message: "The Docker Engine at {host} lists {count} {what}, more than {limit}.",
    hint: "Remove those that nobody uses: docker system prune.",
  },
  ENGINE_PLATFORM_UNTOLD: {
    outcome: "inconclusive",
    message: "The Docker Engine at {host} describes {image} for its own platform only, not for {platform}.",
    hint: "Use Docker 28 or later, or name the platform's image by its digest.",
  },
  ENGINE_NAME_INVALID: { outcome: "usage", message: "{image} is no image of an engine." },
  CONTAINER_NOT_FOUND: {
    outcome: "inconclusive",
    message: "The Docker Engine at {host} has no such container.",
  },
  LAYERS_AMBIGUOUS: {
    outcome: "inconclusive",
    message:
      "{image} cannot be compared with its layers, since engines would unpack them differently: {reason}.",
    hint: "Use --depth content, or build it without such a layer.",
  },
  LAYERS_CORRUPT: {
    outcome: "corrupt",
    message: "{image} cannot be compared with its layers: {reason}.",
    hint: "Pull or build it again.",
  },
  NOT_FOR_LINUX: {
    outcome: "inconclusive",
    message: "What {image} would run cannot be looked at: it is not for Linux.",
    hint: "Use --depth content.",
  },
  IMAGE_NOT_SERVED: {
    outcome: "inconclusive",
    message: "The Docker Engine at {host} could not {what}: {message}.",
    hint: "Check its name; a private one may need docker login.",
  },
} as const satisfies ErrorTable;
