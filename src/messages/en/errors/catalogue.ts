import type { ErrorTable } from "../../errors.ts";

/** What happens with the index of the chain. */
export const catalogueErrors = {
  INDEX_FAILED: {
    outcome: "inconclusive",
    message: "The index {path} cannot be opened, read or written.",
    hint: "See whether you may write there; what it holds is on the chain, so that it may be deleted.",
  },
  INDEX_BUSY: {
    outcome: "inconclusive",
    message: "The index {path} is kept busy by another process.",
    hint: "End the process that holds it, or try again.",
  },
  INDEX_OF_OTHER_CHAIN: {
    outcome: "usage",
    message: "The index was opened for another chain than this one.",
    hint: "Close it, and open it with this connection's profile.",
  },
  SQLITE_MISSING: {
    outcome: "inconclusive",
    message: "Node {version} has no SQLite, which the index is kept in.",
    hint: "Use Node 22.13 or later.",
  },
  BLOCK_UNTOLD: {
    outcome: "inconclusive",
    message: "The chain at {endpoint} does not tell of block {block}.",
  },
  RECEIPT_UNTOLD: {
    outcome: "inconclusive",
    message: "The chain at {endpoint} does not tell what the transaction {transaction} logged.",
  },
  RECORD_UNTOLD: {
    outcome: "inconclusive",
    message: "The chain at {endpoint} does not tell what became of a record at block {block}.",
    hint: "This endpoint may have dropped that block's state: try again, or ask another one.",
  },
  BLOCK_TOO_LARGE: {
    outcome: "inconclusive",
    message: "The chain at {endpoint} has more than {limit|event|events} in one block.",
  },
  CHAIN_KEEPS_CHANGING: {
    outcome: "inconclusive",
    message: "The chain at {endpoint} shows other blocks each time that it is asked.",
    hint: "Ask another endpoint; this one may stand before nodes of several chains.",
  },
  HISTORY_IMPOSSIBLE: {
    outcome: "inconclusive",
    message: "What the chain at {endpoint} tells of the registry cannot be: {detail}.",
    hint: "Do not trust this endpoint; ask another one.",
  },
  VOID_UNSETTLED: {
    outcome: "inconclusive",
    message: "A signer was voided, and what stands of its signatures is being read.",
    hint: "Ask again in a moment.",
  },
  HEAD_UNREADABLE: {
    outcome: "inconclusive",
    message: "What {name} means now cannot be read by anyone.",
    hint: "Sign it again.",
  },
  INDEX_UNREADABLE: {
    outcome: "inconclusive",
    message: "The index {file} cannot be read.",
    hint: "What it holds is on the chain. Delete it, and the next daochain search or daochain images makes it anew.",
  },
} as const satisfies ErrorTable;
