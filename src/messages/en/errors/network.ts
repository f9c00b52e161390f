import type { ErrorTable } from "../../errors.ts";

/** What happens between a home and its network. */
export const networkErrors = {
  CHAIN_MISSING: {
    outcome: "inconclusive",
    message: "There is no chain under {directory} yet.",
    hint: "Run daochain up to make one.",
  },
  CHAIN_NOT_RUNNING: {
    outcome: "inconclusive",
    message: "The embedded chain is not running.",
    hint: "Start it with daochain up.",
  },
  RPC_URL_MISSING: {
    outcome: "inconclusive",
    message: "The network profile {path} names no RPC URL.",
    hint: "Write one into its rpcUrls, or set DAOCHAIN_RPC_URL.",
  },
  NETWORK_PROFILE_INVALID: {
    outcome: "usage",
    message: "The network profile {path} is not valid: {field} is missing or wrong.",
    hint: "Repair it, or move it away and run daochain up.",
  },
} as const satisfies ErrorTable;
