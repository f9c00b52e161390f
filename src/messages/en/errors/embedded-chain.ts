import type { ErrorTable } from "../../errors.ts";

/** What happens with the embedded chain. */
export const embeddedChainErrors = {
  CHAIN_RUNNING: {
    outcome: "usage",
    message: "The chain is running already, in process {pid}.",
    hint: "Stop it with daochain down, then run daochain up --foreground.",
  },
} as const satisfies ErrorTable;
