import type { ErrorTable } from "../../errors.ts";

/** What happens with the registry contract: what the chain tells of it, what becomes of transactions, and its rules. */
export const contractErrors = {
  CHAIN_NOT_PINNED: {
    outcome: "inconclusive",
    message: "The chain at {endpoint} is not the one that is pinned: its {what} is {found}, not {expected}.",
    hint: "It may be another network's endpoint, or a false one; the pinned values stand in the network profile.",
  },
  CONTRACT_NOT_PINNED: {
    outcome: "inconclusive",
    message: "The contract at {registry} on {endpoint} is not the DaoChain registry.",
    hint: "It may be another network's endpoint, or a false one; the pinned values stand in the network profile.",
  },
  CHAIN_TIME_INVALID: {
    outcome: "inconclusive",
    message: "The chain at {endpoint} shows a time that no clock will show.",
  },
  MOMENT_BEFORE_CHAIN: {
    outcome: "usage",
    message: "The chain at {endpoint} is younger than that moment: it began at {begin}.",
    hint: "Choose a later moment.",
  },
  STATE_MISSING: {
    outcome: "inconclusive",
    message: "The chain at {endpoint} has no registry at block {block}.",
    hint: "It was deployed later, or this endpoint does not keep the state of blocks so old: ask an archive node.",
  },
  CHAIN_REFUSED: { outcome: "inconclusive", message: "The chain at {endpoint} refused: {reason}." },
  CHAIN_FULL: {
    outcome: "inconclusive",
    message: "The chain at {endpoint} has no space left to record anything.",
    hint: "Free some space where the chain lives and run the same command again.",
  },
  CHAIN_NUMBER_INVALID: {
    outcome: "inconclusive",
    message: "The chain gave something else where a number was asked for.",
  },
  CONTRACT_ANSWER_INVALID: {
    outcome: "inconclusive",
    message: "The chain at {endpoint} gave an answer that is not the registry's.",
  },
  EVENTS_INVALID: {
    outcome: "inconclusive",
    message:
      "The chain at {endpoint} gave events that are not the registry's, or not those that were asked for.",
  },
  TOO_MANY_EVENTS: {
    outcome: "inconclusive",
    message: "The chain at {endpoint} knows more than {limit|event|events} of this.",
  },
  TOO_MANY_CLAIMS: { outcome: "inconclusive", message: "More than {limit|claim|claims} name this image." },
  TOO_MANY_ORGANISATIONS: {
    outcome: "inconclusive",
    message: "The registry lists more than {limit|organisation|organisations}.",
  },
  HEAD_UNTOLD: {
    outcome: "inconclusive",
    message: "The chain at {endpoint} does not tell which claim {name} means now.",
  },
  CLAIM_UNTOLD: {
    outcome: "inconclusive",
    message: "The chain at {endpoint} does not tell what the claim {claim} says.",
  },
  CLAIM_FALSE: {
    outcome: "inconclusive",
    message: "What the chain at {endpoint} calls the claim {claim} is another.",
    hint: "Do not trust this endpoint; ask another one.",
  },
  BLOCK_MISSING: {
    outcome: "inconclusive",
    message: "The chain at {chain} has no block {block}.",
    hint: "daochain status shows its newest block.",
  },
  ORGANISATION_NOT_FOUND: {
    outcome: "usage",
    message: "The registry knows no organisation named {name}.",
    hint: "daochain org list shows those that it knows.",
  },
  ADDRESS_INVALID: {
    outcome: "usage",
    message: "{address} is not an address.",
    hint: "An address is 0x and 40 hex digits; where it mixes upper and lower case, they are its checksum.",
  },
  NONCE_TAKEN: {
    outcome: "inconclusive",
    message: "Other transactions of {address} took the nonce each time.",
    hint: "Try again when nobody else acts as this account.",
  },
  TRANSACTION_REVERTED: {
    outcome: "inconclusive",
    message: "The contract refused the transaction {transaction} in block {block}, and would take it now.",
    hint: "Run the same command again.",
  },
  TRANSACTION_LATE: {
    outcome: "inconclusive",
    message: "The transaction {transaction} was sent but is in no block after {seconds} s.",
    hint: "It may still be recorded: look with daochain log before you send it again.",
  },
  NOT_GOVERNOR: {
    outcome: "usage",
    message: "Only the registry's governor may do this, and {address} is not the governor.",
    hint: "Act as the governor with --account NAME, or ask the governor to do it.",
  },
  NOT_GOVERNOR_CANDIDATE: {
    outcome: "usage",
    message: "{address} was not offered the governor's office.",
    hint: "The governor must offer it to this address first.",
  },
  NOT_ADMIN: {
    outcome: "usage",
    message: "Only an admin of {organisation} may do this, and {address} is not one.",
    hint: "Act as an admin with --account NAME; daochain org show {organisation} lists the admins.",
  },
  NOT_SIGNER: {
    outcome: "usage",
    message: "{address} is not a current signer of {organisation}.",
    hint: "An admin of {organisation} can make it one: daochain org add-signer {organisation} {address}.",
  },
  REVOCATION_REFUSED: {
    outcome: "usage",
    message:
      "Only an admin of {organisation}, or a signer who approved the claim, may revoke it; {address} is neither.",
    hint: "Act as one of them with --account NAME; daochain org show {organisation} lists the admins.",
  },
  ORGANISATION_UNKNOWN: {
    outcome: "usage",
    message: "The registry has no organisation {organisation}.",
    hint: "daochain org list shows those that it knows.",
  },
  ORGANISATION_EXISTS: {
    outcome: "usage",
    message: "There is already an organisation named {organisation}.",
    hint: "Choose another name; daochain org list shows those that are taken.",
  },
  ORGANISATION_NAME_INVALID: {
    outcome: "usage",
    message: "{name} cannot name an organisation.",
    hint: "Use 1 to 63 lowercase letters, digits and hyphens, with no hyphen at either end.",
  },
  NAMESPACE_INVALID: {
    outcome: "usage",
    message: "{namespace} is not a repository prefix.",
    hint: "Write one like docker.io/acme, without a tag.",
  },
  NAMESPACE_TAKEN: {
    outcome: "usage",
    message: "The namespace {namespace} overlaps one that {organisation} owns.",
    hint: "Choose another one; daochain org show {organisation} lists what {organisation} owns.",
  },
  NAMESPACE_NOT_OWNED: {
    outcome: "usage",
    message: "{organisation} does not own the namespace {namespace}.",
    hint: "daochain org show {organisation} lists what it owns.",
  },
  ALREADY_ADMIN: {
    outcome: "usage",
    message: "{address} is already an admin of {organisation}.",
    hint: "There is nothing to do; daochain org show {organisation} lists the admins.",
  },
  ALREADY_SIGNER: {
    outcome: "usage",
    message: "{address} is already a signer of {organisation}.",
    hint: "There is nothing to do; daochain org show {organisation} lists the signers.",
  },
  WAS_SIGNER: {
    outcome: "usage",
    message: "{address} was a signer of {organisation} before; a key that left does not come back.",
    hint: "Make a new key with daochain account create, and add its address.",
  },
  LAST_ADMIN: {
    outcome: "usage",
    message: "The last admin of {organisation} cannot leave.",
    hint: "Add another one first: daochain org add-admin {organisation} ADDRESS.",
  },
  CONTRACT_LIMIT: {
    outcome: "usage",
    message: "At most {limit} {what} are allowed.",
    hint: "Leave some out, or send them in several parts.",
  },
  TEXT_TOO_LONG: {
    outcome: "usage",
    message: "The {what} is longer than {limit} bytes.",
    hint: "Shorten it.",
  },
  THRESHOLD_OUT_OF_RANGE: {
    outcome: "usage",
    message: "A threshold of {threshold|signature|signatures} does not fit {signers|signer|signers}.",
    hint: "Choose one from 1 to the number of signers first (daochain org threshold {organisation} N), or add a signer (daochain org add-signer {organisation} ADDRESS).",
  },
  VOID_IN_FUTURE: {
    outcome: "usage",
    message: "A signer cannot be voided from {since} on: for the chain, that lies in the future.",
    hint: "Choose a moment that has passed, and check this machine's clock.",
  },
  ALREADY_VOIDED: {
    outcome: "usage",
    message: "{address} is already void since {since}; a void only moves back in time.",
    hint: "Choose an earlier moment.",
  },
  ADDRESS_ZERO: {
    outcome: "usage",
    message: "The zero address cannot take this place.",
    hint: "Give the address of an account.",
  },
  CLAIM_UNKNOWN: {
    outcome: "usage",
    message: "The registry has no claim {claim}.",
    hint: "daochain log shows what was recorded.",
  },
  CLAIM_EMPTY: {
    outcome: "usage",
    message: "A claim must name at least one digest.",
    hint: "Sign an image that has one.",
  },
  DIGEST_KIND_INVALID: {
    outcome: "usage",
    message: "{kind} is not a kind of digest that the registry takes.",
    hint: "Use the version of daochain that the registry is of.",
  },
  DIGEST_ZERO: {
    outcome: "usage",
    message: "A digest of zeros is none.",
    hint: "Give the digest of something.",
  },
  REVOCATION_EMPTY: {
    outcome: "usage",
    message: "A revocation must name at least one digest.",
    hint: "Name an image, or a digest.",
  },
  CLAIM_FROM_FUTURE: {
    outcome: "usage",
    message: "The claim is dated {issuedAt}, but the chain's time is {blockTime}.",
    hint: "Check this machine's clock, then sign again.",
  },
  CLAIM_EXPIRED: {
    outcome: "usage",
    message: "The claim expired at {expiresAt}; the chain's time is {blockTime}.",
    hint: "Sign again with a later --expires.",
  },
  CLAIM_ALREADY_REVOKED: {
    outcome: "usage",
    message: "The claim {claim} is already revoked, for good.",
    hint: "There is nothing more to revoke; to claim the image again, sign it again.",
  },
  DIGEST_ALREADY_REVOKED: {
    outcome: "usage",
    message: "{organisation} has already revoked {digest}, for good.",
    hint: "There is nothing more to revoke; build the image again to sign it.",
  },
  ANNOTATIONS_DIFFER: {
    outcome: "usage",
    message: "The annotations are not the ones that were signed.",
    hint: "Submit the file as daochain sign wrote it.",
  },
  SIGNATURES_MISSING: {
    outcome: "usage",
    message: "A claim needs at least one signature.",
    hint: "Sign it with daochain sign.",
  },
  BATCH_INCOMPLETE: {
    outcome: "usage",
    message: "The claim was signed in a batch that still waits: every claim of the batch must be sent again.",
    hint: "daochain approve sends them all.",
  },
  BATCH_EMPTY: { outcome: "usage", message: "A batch must hold at least one claim.", hint: "Name an image." },
  BATCH_MIXED: {
    outcome: "usage",
    message: "The claims of a batch must be of one organisation.",
    hint: "Sign for each organisation by itself.",
  },
  BATCH_ANNOTATIONS_MISSING: {
    outcome: "usage",
    message: "{claims|claim|claims} came with annotations for {annotations}.",
    hint: "Send annotations for each claim, empty where it has none.",
  },
  BATCH_INDEX_INVALID: {
    outcome: "usage",
    message: "There is no claim {index} in a batch of {length}.",
    hint: "Name a claim of this batch.",
  },
  SIGNATURE_INVALID: {
    outcome: "usage",
    message: "The signature is not {address}'s over this claim on this chain and registry.",
    hint: "Sign the claim again for this network.",
  },
  CONTRACT_ADDRESS_EMPTY: {
    outcome: "usage",
    message: "There is no contract at {address}.",
    hint: "Check the address.",
  },
  CALL_FAILED: {
    outcome: "usage",
    message: "One of the calls that were sent together failed without a reason.",
    hint: "Send them one by one to learn which.",
  },
  PAGE_INVALID: {
    outcome: "usage",
    message: "The registry lists no more than {limit|organisation|organisations} at once.",
    hint: "Ask for fewer at a time.",
  },
} as const satisfies ErrorTable;
