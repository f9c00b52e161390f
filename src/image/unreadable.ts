import { type DaoChainError, type ErrorCode, isDaoChainError } from "../errors.ts";

/** What an image is, rather than where it lies or whether that can be asked, keeps it from being looked at. */
const codes: readonly ErrorCode[] = [
  "JSON_INVALID",
  "DIGEST_UNSUPPORTED",
  "IMAGE_FILE_UNREADABLE",
  "IMAGE_FILE_NOT_REGULAR",
  "NOT_A_CONTAINER_IMAGE",
  "PLATFORM_UNKNOWN",
  "LAYER_DIGEST_UNSUPPORTED",
  "LAYER_COMPRESSION_UNSUPPORTED",
  "LAYER_ELSEWHERE",
  "IMAGE_DOCUMENT_NOT_JSON",
  "IMAGE_DOCUMENT_AMBIGUOUS",
  "IMAGE_PART_MISSING",
  "IMAGE_CONFIG_INVALID",
  "SCHEMA_UNSUPPORTED",
  "INDEX_IMAGES_UNSEEN",
  "REGISTRY_TYPE_DIFFERS",
  "REGISTRY_CONFIG_MISSING",
];

/** Whether an image cannot be looked at because of what it is. Of other images, and of its place, that says nothing. */
export function isUnreadable(error: unknown): error is DaoChainError {
  return isDaoChainError(error, ...codes);
}
