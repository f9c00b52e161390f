/** What will become a trouble for an embedded chain. */
export const embeddedChainMessages = {
  "chain-not-answering": "The chain's process {pid} does not answer.",
  "chain-uses-memory":
    "The chain uses {megabytes} MB of memory, more than 60 % of what it can have; all of its history is in memory.",
  "chain-is-long":
    "The chain has {blocks|block|blocks}, all held in memory ({megabytes} MB) and executed again at each start ({seconds} s the last time). For more, move to a network of several machines.",
  "port-taken": "another process listens there",
} as const;
