import type { ErrorTable } from "../../errors.ts";

/** What happens with operations that change the chain, or an engine. */
export const operationErrors = {
  PULL_NAME_INVALID: {
    outcome: "usage",
    message: "{image} does not name an image in an image registry.",
    hint: "Write it like registry.acme.io/api:1.4.2.",
  },
  PUSH_NAME_INVALID: {
    outcome: "usage",
    message: "{image} cannot be pushed: it is not a repository and tag in the local Docker Engine.",
    hint: "Name it first: docker tag IMAGE REGISTRY/REPOSITORY:TAG.",
  },
  IMAGE_NOT_SOUND: {
    outcome: "corrupt",
    message: "{image} is corrupt: {place}: {detail}.",
    hint: "It was not signed. Build or fetch it again.",
  },
  PUSHED_ANOTHER: {
    outcome: "corrupt",
    message: "{name} was pushed as {pushed}, but the image registry serves {served}.",
    hint: "It was not signed. Somebody may have pushed at the same time; otherwise do not trust this image registry.",
  },
  IMAGE_WITHOUT_NAME: {
    outcome: "usage",
    message: "{image} has no name under which it could be claimed.",
    hint: "Name it by repository and tag: docker tag IMAGE REPOSITORY:TAG.",
  },
  IMAGE_HAS_TOO_MANY_DIGESTS: {
    outcome: "usage",
    message: "{image} has {count|digest|digests}; a claim holds {limit}.",
    hint: "Sign its platforms by themselves, or put fewer of them into one index.",
  },
  IMAGE_REVOKED: {
    outcome: "usage",
    message: "{organisation} has revoked {digest}, for good.",
    hint: "Build the image again; what was revoked is not signed again.",
  },
  TAG_AHEAD_OF_CLOCK: {
    outcome: "usage",
    message: "{name} carries a claim dated {claimed}, and this machine's clock says {here}.",
    hint: "Check this machine's clock, or wait and sign again.",
  },
  CLAIM_OF_OTHER_NETWORK: {
    outcome: "usage",
    message: "The claim was signed for the registry {registry} on chain {chainId}, not for this one.",
    hint: "Submit it where it belongs, or sign it again for this network.",
  },
  CLAIM_NOT_SHOWN: {
    outcome: "inconclusive",
    message: "The chain does not show the claim {claim}.",
    hint: "It may still be recorded: look with daochain log before you send it again.",
  },
  CLAIM_OF_OTHER_IMAGE: {
    outcome: "corrupt",
    message: "The claim names another {kind} than {digest}, which {image} has.",
    hint: "Compare the image with the one that was signed first; it was not approved.",
  },
  ORGANISATION_IS_OTHER: {
    outcome: "usage",
    message: "This chain's organisation is {organisation}; there is none named {name}.",
    hint: "daochain org create {name} makes another one.",
  },
  EMBEDDED_CHAIN_IS_OTHER: {
    outcome: "inconclusive",
    message: "The chain at {endpoint} is not the one that {path} pins.",
    hint: "Restore the chain's directory from a backup; what was signed on another chain does not count on this one.",
  },
  EMBEDDED_CONTRACT_MISSING: {
    outcome: "inconclusive",
    message: "There is no DaoChain registry at {registry} on {endpoint}.",
    hint: "It may be of another version of DaoChain; move {directory} away to begin a new chain.",
  },
  INDEX_UNREAD: {
    outcome: "inconclusive",
    message: "{image} is an index, and the images that it lists were not looked at.",
    hint: "It was not signed. Use --depth content.",
  },
  INDEX_IN_PART: {
    outcome: "inconclusive",
    message: "{image} is an index that lists what could not be looked at: {images}.",
    hint: "It was not signed. Copy it with all of its platforms, or sign one platform by its digest.",
  },
  CLAIM_OF_UNSEEN: {
    outcome: "inconclusive",
    message: "The claim names an index that also lists what was not looked at: {images}.",
    hint: "It was not approved. Approve it where all of its platforms are, such as docker://IMAGE.",
  },
} as const satisfies ErrorTable;
