import type { ErrorTable } from "../../errors.ts";

/** What happens with the embedded chain. */
export const embeddedChainErrors = {
  CHAIN_LOCKED: {
    outcome: "inconclusive",
    message: "Another process works on the chain in {directory}.",
    hint: "Find that process and end it, or wait until it is done.",
  },
  CHAIN_NOT_ANSWERING: {
    outcome: "inconclusive",
    message: "Process {pid} holds the chain in {directory} and does not answer.",
    hint: "End it with daochain down, then start the chain again.",
  },
  CHAIN_PROCESS_STUCK: {
    outcome: "inconclusive",
    message: "The chain's process {pid} does not end.",
    hint: "End it yourself: kill -9 {pid}.",
  },
  CHAIN_PROGRAM_MISSING: {
    outcome: "inconclusive",
    message: "This installation lacks the embedded chain's program.",
    hint: "Install daochain again.",
  },
  CHAIN_START_FAILED: {
    outcome: "inconclusive",
    message: "The chain's process cannot be started: {reason}.",
    hint: "Check that this machine has memory and processes left, then start it again.",
  },
  CHAIN_PROCESS_ENDED: {
    outcome: "inconclusive",
    message: "The chain's process ended at once ({how}).",
    hint: "Its log, chain.log in the chain's directory, may say why.",
  },
  CHAIN_PROCESS_CRASHED: {
    outcome: "inconclusive",
    message: "The chain's process was aborted ({signal}).",
    hint: "Start it again: a block that nobody was told of is set aside then. Its log, chain.log in the chain's directory, may say why.",
  },
  CHAIN_PROCESS_FAILED: {
    outcome: "inconclusive",
    message: "The chain's process failed.",
    hint: "Its log, chain.log in the chain's directory, may say why.",
  },
  CHAIN_ID_DIFFERS: {
    outcome: "usage",
    message: "The chain in {directory} has id {found}, not {expected}.",
    hint: "A chain keeps its id; leave the option out, or use another home directory.",
  },
  CHAIN_ID_INVALID: {
    outcome: "usage",
    message: "The chain id {id} is not an integer from 1 to 2^53-1.",
    hint: "Choose another one, or leave the option out.",
  },
  CHAIN_FILE_INVALID: {
    outcome: "usage",
    message: "{path} does not describe an embedded chain.",
    hint: "Restore it from a backup, or move the chain's directory away to begin a new chain.",
  },
  GENESIS_DIFFERS: {
    outcome: "inconclusive",
    message: "The engine makes genesis block {found} of {path}, which records {expected}.",
    hint: "Run the version of daochain that made this chain.",
  },
  CHAIN_PORT_UNAVAILABLE: {
    outcome: "usage",
    message: "Port {port} cannot be listened on: {reason}.",
    hint: "Choose another port, or none to have a free one chosen.",
  },
  CHAIN_DELETED: {
    outcome: "inconclusive",
    message: "The chain's directory {directory} was deleted.",
    hint: "Restore it from a backup, or run daochain up to begin a new chain.",
  },
  JOURNAL_UNREADABLE: {
    outcome: "inconclusive",
    message: "The journal {path} cannot be opened: {reason}.",
    hint: "Restore the chain's directory from a backup; nothing was changed in it.",
  },
  JOURNAL_FORMAT_UNKNOWN: {
    outcome: "inconclusive",
    message: "{path} does not begin like a journal of this version.",
    hint: "Restore the chain's directory from a backup; nothing was changed in it.",
  },
  JOURNAL_OF_OTHER_CHAIN: {
    outcome: "inconclusive",
    message: "{path} is the journal of another chain (id {chainId}, genesis {genesis}).",
    hint: "Restore the chain's directory from a backup; nothing was changed in it.",
  },
  JOURNAL_DAMAGED: {
    outcome: "inconclusive",
    message: "Record {number} of {path}, at byte {offset}, is damaged, and others follow it.",
    hint: "Restore the chain's directory from a backup; nothing was changed in it.",
  },
  JOURNAL_OUT_OF_ORDER: {
    outcome: "inconclusive",
    message: "{path} has block {found} at byte {offset} where block {expected} belongs.",
    hint: "Restore the chain's directory from a backup; nothing was changed in it.",
  },
  JOURNAL_CHANGED: {
    outcome: "inconclusive",
    message: "Record {number} of {path} changed while it was read.",
    hint: "Make sure that nothing else writes to it, then start the chain again.",
  },
  JOURNAL_WITHOUT_CHAIN: {
    outcome: "inconclusive",
    message: "There is a journal {path} but no chain.json beside it.",
    hint: "Restore chain.json from a backup, or move the journal away to begin a new chain.",
  },
  JOURNAL_NOT_REPEATABLE: {
    outcome: "inconclusive",
    message: "Block {number} of {total} in the journal does not come out as it was recorded.",
    hint: "Run the version of daochain that wrote it, or restore the chain's directory from a backup.",
  },
  JOURNAL_UNWRITABLE: {
    outcome: "inconclusive",
    message: "The journal {path} cannot be written: {reason}.",
    hint: "Check the disk, and who may write there.",
  },
  JOURNAL_NOT_SYNCED: {
    outcome: "inconclusive",
    message: "The journal {path} cannot be brought to the disk.",
    hint: "Check the disk; the chain starts again from what it has acknowledged.",
  },
  JOURNAL_NOT_REPAIRED: {
    outcome: "inconclusive",
    message: "The journal {path} cannot be repaired after a failed write.",
    hint: "Check the disk, then start the chain again.",
  },
  JOURNAL_CLOSED: {
    outcome: "inconclusive",
    message: "The journal {path} takes no more blocks.",
    hint: "Start the chain again.",
  },
  BLOCK_FAILED: {
    outcome: "inconclusive",
    message: "The chain failed while it wrote the block.",
    hint: "Its log, chain.log in the chain's directory, may say why.",
  },
  BLOCK_DIFFERS: {
    outcome: "inconclusive",
    message: "The engine made block {number} with another {what}.",
    hint: "Run the version of daochain that made this chain.",
  },
  CHAIN_RUNNING: {
    outcome: "usage",
    message: "The chain is running already, in process {pid}.",
    hint: "Stop it with daochain down, then run daochain up --foreground.",
  },
  SERVICE_WITHOUT_CHAIN: {
    outcome: "usage",
    message: "The home {home} follows a network; it has no chain of its own that a service could run.",
  },
  SERVICE_SILENT: {
    outcome: "inconclusive",
    message: "The chain does not answer within {seconds} seconds as a service.",
    hint: "{command} says why. Everything is as it was before.",
  },
} as const satisfies ErrorTable;
