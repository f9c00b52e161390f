import type { ErrorTable } from "../../errors.ts";

/** What happens with images, whatever place they lie in. */
export const imageErrors = {
  REFERENCE_INVALID: {
    outcome: "usage",
    message: "{reference} is not an image reference: {reason}.",
    hint: "Write it like docker.io/library/alpine:3.20, oci:DIRECTORY:TAG or docker-archive:FILE.",
  },
  IMAGE_NOT_FOUND: { outcome: "inconclusive", message: "{place} has no image {image}." },
  IMAGE_EMPTY: { outcome: "inconclusive", message: "{image} holds no image." },
  IMAGE_FILE_NOT_FOUND: {
    outcome: "inconclusive",
    message: "{image} cannot be found: there is no {kind} {path}.",
    hint: "Check the path.",
  },
  IMAGE_FILE_UNREADABLE: { outcome: "inconclusive", message: "{image} cannot be read: {path}: {reason}." },
  IMAGE_FILE_NOT_REGULAR: {
    outcome: "inconclusive",
    message: "{image} cannot be read: {path} is not a regular file.",
  },
  IMAGE_LIMIT_EXCEEDED: { outcome: "inconclusive", message: "The image is not read any further: {reason}." },
  NOT_A_CONTAINER_IMAGE: {
    outcome: "inconclusive",
    message: "This is not a container image: {reason}.",
    hint: "DaoChain verifies images of schema 2 and OCI, not schema 1 and not other artifacts.",
  },
  PLATFORM_UNKNOWN: { outcome: "inconclusive", message: "The image's platform {platform} is not one." },
  LAYER_DIGEST_UNSUPPORTED: {
    outcome: "inconclusive",
    message: "The image's config names layers by digests other than SHA-256.",
  },
  LAYER_COMPRESSION_UNSUPPORTED: {
    outcome: "inconclusive",
    message: "The image's {at} is compressed with something other than gzip or zstd.",
  },
  NOTHING_UNPACKED: {
    outcome: "inconclusive",
    message: "{image} is not in a Docker Engine, so nothing of it is unpacked.",
    hint: "daochain verify compares its bytes with its digests.",
  },
} as const satisfies ErrorTable;
