import type { ErrorTable } from "../../errors.ts";

/** What happens on the way to a chain. */
export const rpcErrors = {
  RPC_URL_INVALID: {
    outcome: "usage",
    message: "The chain's RPC URL is not an http, https or unix URL.",
    hint: "Check DAOCHAIN_RPC_URL or the network profile.",
  },
  CHAIN_UNREACHABLE: {
    outcome: "inconclusive",
    message: "The chain at {endpoint} cannot be reached: {reason}.",
    hint: "Check the URL (DAOCHAIN_RPC_URL or the network profile) and the way there; daochain up starts an embedded chain.",
  },
  CHAIN_DENIED: {
    outcome: "inconclusive",
    message: "The chain at {endpoint} refuses this client: it answers with HTTP status {status}.",
    hint: "Check the user, password or token in its URL, and who may ask it.",
  },
  CHAIN_HTTP_FAILED: {
    outcome: "inconclusive",
    message: "The chain at {endpoint} answers with HTTP status {status}.",
    hint: "Check the URL (DAOCHAIN_RPC_URL or the network profile), or try again later.",
  },
  CHAIN_NOT_JSON_RPC: {
    outcome: "inconclusive",
    message: "The endpoint {endpoint} does not answer as JSON-RPC does; it does not seem to be a chain.",
    hint: "Check DAOCHAIN_RPC_URL or the network profile.",
  },
  CHAIN_ANSWER_TOO_LARGE: {
    outcome: "inconclusive",
    message: "The answer of the chain at {endpoint} is larger than {limit} bytes.",
  },
  CHAIN_UNIDENTIFIED: {
    outcome: "inconclusive",
    message:
      "The endpoint {endpoint} does not tell its chain id and genesis block; it does not seem to be an Ethereum chain.",
    hint: "Check DAOCHAIN_RPC_URL or the network profile.",
  },
} as const satisfies ErrorTable;
