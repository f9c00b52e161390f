import type { ErrorTable } from "../../errors.ts";

/** What happens in gates. */
export const gateErrors = {
  GATE_TIMEOUT: {
    outcome: "inconclusive",
    message: "Nothing was decided within {seconds|second|seconds}.",
  },
  GATE_REVIEW_TIMEOUT: {
    outcome: "inconclusive",
    message: "Nothing was decided before the API server stops waiting.",
    hint: "Try again: what a registry answers later is remembered.",
  },
  GATE_BUSY: {
    outcome: "inconclusive",
    message: "Too many images are asked for at once.",
    hint: "Try again in a moment.",
  },
  GATE_NOT_FOLLOWING: {
    outcome: "inconclusive",
    message: "The registry is not followed yet.",
  },
  GATE_CANNOT_FOLLOW: {
    outcome: "inconclusive",
    message: "The registry cannot be followed: {trouble}",
  },
  GATE_STATE_OLD: {
    outcome: "inconclusive",
    message: "What is known of the registry is {age|second|seconds} old, and good for {limit}: {trouble}",
  },
  GATE_INDEX_REBUILT: {
    outcome: "inconclusive",
    message: "The registry is being read anew.",
    hint: "Ask again in a moment.",
  },
  GATE_INDEX_WRONG: {
    outcome: "inconclusive",
    message: "What is known of the claim {claim} is not what the contract says: {about} differs.",
  },
  GATE_CLAIM_NOT_TOLD: {
    outcome: "inconclusive",
    message: "The chain at {endpoint} does not tell of the claim {claim}.",
  },
  GATE_CHAIN_WENT_BACK: {
    outcome: "inconclusive",
    message: "The chain shows block {block} as its newest, and has shown block {before} before.",
  },
  GATE_CHAIN_AHEAD: {
    outcome: "inconclusive",
    message: "The chain's newest block is {seconds|second|seconds} ahead of this machine's clock.",
  },
  GATE_CHAIN_OLD: {
    outcome: "inconclusive",
    message: "The chain's newest block is {seconds|second|seconds} old, older than {limit}.",
  },
  GATE_DIRECTORY_SHARED: {
    outcome: "usage",
    message:
      "Others could put a gate of their own into the place of {socket}: its directory is not this user's alone.",
    hint: "Name a socket in a directory that nobody else may write, or run chmod go-w {directory}.",
  },
  GATE_SOCKET_TAKEN: {
    outcome: "usage",
    message: "{socket} is there already, and is not a socket.",
    hint: "Name another socket.",
  },
  GATE_ALREADY_SERVED: {
    outcome: "usage",
    message: "Another process serves the gate's socket {socket}.",
    hint: "See the gate's status command.",
  },
  METRICS_ADDRESS_INVALID: {
    outcome: "usage",
    message: "{address} is not an address to serve metrics at.",
    hint: "Write --metrics 127.0.0.1:9464.",
  },
  METRICS_NOT_SERVED: {
    outcome: "usage",
    message: "Metrics cannot be served at {address}: {reason}.",
    hint: "Name another address.",
  },
  PULL_UNREADABLE: {
    outcome: "inconclusive",
    message: "The image cannot be judged: {why}.",
  },
  PULL_NOT_AN_IMAGE: {
    outcome: "inconclusive",
    message: "This is not a container image: its media type is {type}.",
  },
  CONTAINER_WITHOUT_IMAGE: {
    outcome: "inconclusive",
    message: "The container does not say what image it was made of.",
  },
  DIGEST_REQUIRED: {
    outcome: "usage",
    message: "It is named by a tag, and this gate asks for a digest.",
  },
  REVIEW_INVALID: {
    outcome: "inconclusive",
    message: "What was asked is not an AdmissionReview of admission.k8s.io/v1.",
  },
  REVIEW_INCOMPLETE: {
    outcome: "inconclusive",
    message: "The review has no {member}.",
  },
  OBJECT_IMAGES_TOO_MANY: {
    outcome: "inconclusive",
    message: "The object names more than {limit|image|images}.",
  },
  OBJECT_IMAGE_NOT_TEXT: {
    outcome: "inconclusive",
    message: "The name of an image at {place} is not text.",
  },
  KUBERNETES_ACCOUNT_MISSING: {
    outcome: "usage",
    message: "There is no {file}: this is not a pod with an account.",
  },
  KUBERNETES_UNREACHABLE: {
    outcome: "inconclusive",
    message: "The Kubernetes API at {host} cannot be reached: {reason}.",
  },
  KUBERNETES_REFUSED: {
    outcome: "usage",
    message: "The Kubernetes API refuses {path} with status {status}: {reason}",
  },
  KUBERNETES_SECRET_MISSING: {
    outcome: "usage",
    message: "There is no Secret {secret} in the namespace {namespace}.",
    hint: "The gate's manifests make it, empty.",
  },
  CERTIFICATE_FILE_MISSING: {
    outcome: "usage",
    message: "There is no file {file} for the gate's certificate.",
  },
  CERTIFICATE_NOT_OF_KEY: {
    outcome: "usage",
    message: "{certificate} cannot be served: it does not belong to its key.",
    hint: "Both are PEM; the certificate comes first in its file.",
  },
  CERTIFICATE_ENDED: {
    outcome: "usage",
    message: "{certificate} ended at {time}.",
  },
  GATE_ADDRESS_UNAVAILABLE: {
    outcome: "usage",
    message: "The gate cannot listen at {host} port {port}: {reason}.",
    hint: "Choose another address with --listen.",
  },
} as const satisfies ErrorTable;
