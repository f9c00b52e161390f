import type { ErrorTable } from "../../errors.ts";

/** Codes whose errors still bring their own sentences. Each goes from here once its errors stand in their room's table. */
export const legacyErrors = {
  USAGE: { outcome: "usage", message: "" },
  CONFIGURATION_INVALID: { outcome: "usage", message: "" },
  REFERENCE_INVALID: { outcome: "usage", message: "" },
  IMAGE_NOT_FOUND: { outcome: "inconclusive", message: "" },
  IMAGE_UNSUPPORTED: { outcome: "inconclusive", message: "" },
  IMAGE_UNREADABLE: { outcome: "inconclusive", message: "" },
  LIMIT_EXCEEDED: { outcome: "inconclusive", message: "" },
  DOCKER_UNREACHABLE: { outcome: "inconclusive", message: "" },
  DOCKER_FAILED: { outcome: "inconclusive", message: "" },
  REGISTRY_UNREACHABLE: { outcome: "inconclusive", message: "" },
  REGISTRY_FAILED: { outcome: "inconclusive", message: "" },
  REGISTRY_DENIED: { outcome: "inconclusive", message: "" },
  IMAGE_CORRUPT: { outcome: "corrupt", message: "" },
} as const satisfies ErrorTable;
