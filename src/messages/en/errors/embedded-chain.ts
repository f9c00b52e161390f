import type { ErrorTable } from "../../errors.ts";

/** What happens with the embedded chain. */
export const embeddedChainErrors = {
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
