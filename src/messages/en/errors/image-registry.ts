import type { ErrorTable } from "../../errors.ts";

/** What happens with image registries, and with what Docker's configuration says of them. */
export const imageRegistryErrors = {
  REGISTRY_UNREACHABLE: {
    outcome: "inconclusive",
    message: "The image registry {registry} cannot be reached: {reason}.",
  },
  REGISTRY_FAILED: {
    outcome: "inconclusive",
    message: "The image registry {registry} {what}.",
    hint: "Try again later; if it stays so, ask whoever runs it.",
  },
  REGISTRY_DENIED: {
    outcome: "inconclusive",
    message: "The image registry {registry} refused {path} {whom} (status {status}).",
  },
  REGISTRY_MANIFEST_TOO_LARGE: {
    outcome: "inconclusive",
    message: "The image registry {registry} serves a manifest of more than {limit} bytes.",
  },
  REGISTRY_MANIFEST_FALSE: {
    outcome: "corrupt",
    message: "The image registry {registry} {what}.",
    hint: "Do not use this image; ask whoever runs the image registry.",
  },
  REGISTRY_TYPE_DIFFERS: {
    outcome: "inconclusive",
    message: "The image registry {registry} serves {digest} as {found}, its index says {mediaType}.",
  },
  REGISTRY_TYPE_UNTOLD: {
    outcome: "inconclusive",
    message: "The image registry {registry} does not say what {image} is: its manifest has no Content-Type.",
  },
  REGISTRY_HOST_INVALID: { outcome: "usage", message: "{host} is not an image registry's host." },
  CLIENT_CERTIFICATE_WITHOUT_KEY: {
    outcome: "usage",
    message: "The client certificate {path} has no {key} beside it.",
  },
  CERTIFICATES_UNREADABLE: { outcome: "usage", message: "{path} cannot be read: {reason}." },
  PROXY_INVALID: { outcome: "usage", message: "{name} is not the address of an HTTP proxy." },
  CREDENTIAL_HELPER_INVALID: {
    outcome: "usage",
    message: "Docker's configuration names {name} as a credential helper, which cannot be one.",
  },
  CREDENTIAL_HELPER_FAILED: {
    outcome: "usage",
    message: "The credential helper {program} {what} for {registry}.",
    hint: "Docker's configuration names it; try it with: echo {registry} | {program} get.",
  },
  CREDENTIALS_INVALID: {
    outcome: "usage",
    message: "What {source} holds for {registry} is not a user and a password.",
    hint: "Run docker login {registry} again.",
  },
  CREDENTIALS_NOT_JSON: { outcome: "usage", message: "{source} is not JSON." },
  REGISTRY_CONFIG_MISSING: {
    outcome: "inconclusive",
    message: "The image registry {registry} has a manifest, but not its config {digest}.",
    hint: "Push the image again.",
  },
} as const satisfies ErrorTable;
